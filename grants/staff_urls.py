"""The staff's pages of grants that are no case pages, under the workplace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from bastau.workplace.site import site
from grants.views import agenda_items, commission, intake, meetings, office_money

app_name = "grants_office"


def _page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(address, site.admin_view(view), name=name)


urlpatterns: list[URLPattern] = [
    # The application.
    _page("intake/", intake.page, "intake"),
    # The money.
    _page("budget/", office_money.budget, "budget"),
    _page("payments/<int:pk>/ask/", office_money.ask_bank, "ask_bank"),
    # The commission.
    _page("commission/", commission.page, "commission"),
    _page("commission/<slug:what>/", commission.change, "commission_change"),
    _page("meetings/call/", meetings.call, "call"),
    _page("meetings/<int:pk>/agenda/", meetings.agenda, "agenda"),
    _page("meetings/<int:pk>/attendance/", meetings.attendance, "attendance"),
    _page("meetings/<int:pk>/decisions/", meetings.enter, "decisions"),
    _page("decisions/<int:pk>/enter/", meetings.enter_one, "enter"),
    _page("decisions/<int:pk>/correct/", meetings.correct, "correct"),
    _page("items/<int:pk>/", agenda_items.page, "item"),
    _page("items/<int:pk>/do/<slug:what>/", agenda_items.do, "item_do"),
    _page("reserve/", meetings.reserve, "reserve"),
    _page("reserve/<int:pk>/award/", meetings.award, "award"),
]
