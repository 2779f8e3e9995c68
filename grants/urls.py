"""Addresses of grants: the citizen's pages."""

from django.urls import URLPattern, path

from grants.views import applications, contracts

app_name = "grants"

urlpatterns: list[URLPattern] = [
    # The application.
    path("grant/", applications.start, name="start"),
    path("grant/<int:pk>/", applications.case, name="case"),
    path("grant/<int:pk>/criteria/", applications.criteria, name="criteria"),
    path("grant/<int:pk>/project/<slug:part>/", applications.project, name="project"),
    path("grant/<int:pk>/schedule/", applications.schedule, name="schedule"),
    path("grant/<int:pk>/estimate/", applications.estimate, name="estimate"),
    path("grant/<int:pk>/forecast/", applications.forecast, name="forecast"),
    path("grant/<int:pk>/contacts/", applications.contacts, name="contacts"),
    path("grant/<int:pk>/check/", applications.check, name="check"),
    path("grant/<int:pk>/sign/", applications.sign, name="sign"),
    path("grant/<int:pk>/done/", applications.done, name="done"),
    path("grant/<int:pk>/withdraw/", applications.withdraw, name="withdraw"),
    # The contract.
    path("grant/contract/<int:pk>/", contracts.case, name="contract"),
    path("grant/contract/<int:pk>/data/", contracts.data, name="contract_data"),
    path("grant/contract/<int:pk>/sign/", contracts.sign, name="contract_sign"),
    path("grant/contract/<int:pk>/decline/", contracts.decline, name="contract_decline"),
    path("grant/supplement/<int:pk>/data/", contracts.supplement_data, name="supplement_data"),
    path("grant/supplement/<int:pk>/sign/", contracts.supplement_sign, name="supplement_sign"),
]
