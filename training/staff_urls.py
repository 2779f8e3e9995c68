"""The staff's pages of training that are no case pages, under the workplace.

Each is wrapped by the AdminSite: strangers are led to the sign-in, for citizens the pages do not exist.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from bastau.workplace.site import site
from training.views import coordinator_enrolments, planning, stipend_office, trainer_journal

app_name = "training_office"


def _page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(address, site.admin_view(view), name=name)


urlpatterns: list[URLPattern] = [
    _page("training/planning/", planning.planning, "planning"),
    _page("training/planning/plan/", planning.new_plan, "new_plan"),
    _page("training/planning/group/", planning.new_group, "new_group"),
    _page("training/planning/rooms/", planning.room_list, "rooms"),
    _page("training/counter/", coordinator_enrolments.counter, "counter"),
    _page("training/counter/<int:pk>/", coordinator_enrolments.counter_form, "counter_form"),
    _page("training/counter/<int:pk>/group/", coordinator_enrolments.counter_group, "counter_group"),
    _page("training/certificate/external/", coordinator_enrolments.external_certificate, "certificate_external"),
    _page(
        "training/certificate/<int:pk>/duplicate/",
        coordinator_enrolments.certificate_duplicate,
        "certificate_duplicate",
    ),
    _page("training/journal/", trainer_journal.journal, "journal"),
    _page("training/journal/<int:pk>/", trainer_journal.group, "journal_group"),
    _page("training/journal/<int:pk>/day/<int:day_pk>/", trainer_journal.day, "journal_day"),
    _page("training/journal/<int:pk>/consultation/", trainer_journal.consultation, "journal_consultation"),
    _page("training/journal/<int:pk>/pitch/", trainer_journal.pitch, "journal_pitch"),
    _page("training/stipends/", stipend_office.stipends, "stipends"),
]
