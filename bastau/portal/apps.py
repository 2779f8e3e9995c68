from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The citizen's shell: public pages, design system, words and dates of three languages."""

    name = "bastau.portal"
    label = "portal"
