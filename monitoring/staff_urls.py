"""The staff's pages of monitoring that are no case pages, under the workplace."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from bastau.workplace.site import site
from monitoring.views import staff_accompaniment, staff_reports

app_name = "monitoring_office"


def _page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(address, site.admin_view(view), name=name)


urlpatterns = [
    _page("monitoring/enquiries/new/", staff_accompaniment.enquiry_new, "enquiry_new"),
    _page("monitoring/financing/new/", staff_accompaniment.financing_new, "financing_new"),
    _page("monitoring/problems/register/", staff_accompaniment.problem_register, "problem_register"),
    _page("monitoring/summary/", staff_accompaniment.summary, "summary"),
    _page("monitoring/summary/table.csv", staff_accompaniment.summary_csv, "summary_csv"),
    _page("monitoring/reports/<int:pk>/documents/", staff_reports.report_lines, "report_lines"),
]
