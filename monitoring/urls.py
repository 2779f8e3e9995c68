"""Addresses of monitoring: the citizen's pages."""

from django.urls import path

from monitoring.views import citizen_accompaniment as accompaniment
from monitoring.views import citizen_enquiries as enquiries
from monitoring.views import citizen_recovery
from monitoring.views import citizen_reports as reports

app_name = "monitoring"

urlpatterns = [
    path("questions/", enquiries.enquiries, name="enquiries"),
    path("questions/ask/<slug:about>/", enquiries.ask, name="ask"),
    path("questions/<int:pk>/", enquiries.enquiry, name="enquiry"),
    path("questions/<int:pk>/confirm/", enquiries.confirm, name="enquiry_confirm"),
    path("business/<int:pk>/", accompaniment.accompaniment, name="accompaniment"),
    path("business/visits/<int:pk>/agree/", accompaniment.agree, name="visit_agree"),
    path("business/visits/<int:pk>/decline/", accompaniment.decline, name="visit_decline"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/faults/", reports.faults, name="report_faults"),
    path("reports/<int:pk>/spent/", reports.spent, name="report_spent"),
    path("reports/<int:pk>/documents/", reports.documents, name="report_documents"),
    path("reports/<int:pk>/documents/new/", reports.line, name="report_line_new"),
    path("reports/<int:pk>/documents/<int:line>/", reports.line, name="report_line"),
    path("reports/<int:pk>/documents/<int:line>/remove/", reports.line_remove, name="report_line_remove"),
    path("reports/<int:pk>/progress/", reports.progress, name="report_progress"),
    path("reports/<int:pk>/check/", reports.check, name="report_check"),
    path("reports/<int:pk>/sign/", reports.sign, name="report_sign"),
    path("reports/<int:pk>/done/", reports.done, name="report_done"),
    path("recovery/<int:pk>/", citizen_recovery.recovery, name="recovery"),
]
