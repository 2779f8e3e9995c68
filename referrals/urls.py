"""Addresses of the referral: the citizen's pages. The staff's are views of the AdminSite."""

from django.urls import path

from referrals.views import attachments, citizen

app_name = "referrals"

urlpatterns = [
    path("referral/", citizen.start, name="start"),
    path("referral/<int:pk>/", citizen.case, name="case"),
    path("referral/<int:pk>/consents/", citizen.consents, name="consents"),
    path("referral/<int:pk>/registers/", citizen.registers, name="registers"),
    path("referral/<int:pk>/status/", citizen.status, name="status"),
    path("referral/<int:pk>/contacts/", citizen.contacts, name="contacts"),
    path("referral/<int:pk>/documents/", attachments.documents, name="documents"),
    path("referral/<int:pk>/check/", citizen.check, name="check"),
    path("referral/<int:pk>/sign/", citizen.sign, name="sign"),
    path("referral/<int:pk>/done/", citizen.done, name="done"),
    path("referral/<int:pk>/withdraw/", citizen.withdraw, name="withdraw"),
]
