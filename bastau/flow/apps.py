from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "bastau.flow"
    label = "flow"
