from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkplaceConfig(AppConfig):
    """The staff's shell: one AdminSite, whose index is the desk."""

    name = "bastau.workplace"
    label = "workplace"

    def ready(self) -> None:
        from bastau.portal import nav
        from bastau.workplace import rooms
        from bastau.workplace.site import site

        # In the order of the header: the desk, what the apps' rooms add, figures and registers.
        nav.register(rooms.desk_entry)
        autodiscover_modules("admin", register_to=site)
        nav.register(rooms.last_entries)
