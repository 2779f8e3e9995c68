from django.apps import AppConfig


class GatewaysConfig(AppConfig):
    name = "bastau.gateways"
    label = "gateways"
