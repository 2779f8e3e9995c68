"""The one AdminSite: the staff's shell. Its index is the desk; what is registered with it are rooms and registers."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _


class Workplace(AdminSite):
    """Django's AdminSite with our own sign-in, our own pages, and 404 for whatever is not the visitor's."""

    site_header = site_title = _("Bastau")
    index_title = _("My desk")
    enable_nav_sidebar = False
    final_catch_all_view = False

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        """Desk, registers and the registered models; none of Django's other pages (they have no task here)."""
        from bastau.workplace import views

        urls: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
            path("find/", self.admin_view(views.find), name="find"),
            path("figures/", self.admin_view(views.figures), name="figures"),
            path("notices/", self.admin_view(views.notices), name="notices"),
            path("registers/", self.admin_view(views.registers), name="registers"),
            path("rooms/", self.admin_view(views.rooms_page), name="rooms"),
            path("login/", self.login, name="login"),
        ]
        for model, room in self._registry.items():
            urls.append(path(f"{model._meta.app_label}/{model._meta.model_name}/", include(room.urls)))
        return urls

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the shell opens: an active member of staff."""
        return bool(getattr(request.user, "is_staff", False))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Strangers are led to the sign-in; for a citizen who is signed in, these pages do not exist."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                if request.user.is_authenticated:
                    raise Http404
                # Whose session ended in the middle of a form comes back to the desk, not to an address of a POST.
                back = request.get_full_path() if request.method == "GET" else reverse("workplace:index")
                return redirect_to_login(back, "sign_in")
            return guarded(request, *args, **kwargs)

        return inner

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """There is one sign-in page in the house, and it is not this one."""
        return redirect_to_login(request.GET.get("next") or reverse("workplace:index"), "sign_in")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """The desk."""
        from bastau.workplace import views

        return views.desk(request)


site = Workplace(name="workplace")
