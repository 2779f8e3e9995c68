"""The machine of certificates. Their term is that of the results: the assessment window (118-p28)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bastau import flow
from bastau.flow import Event
from training import signals
from training.models import Certificate
from training.rights import certificates as rights

EVENTS = {
    "issue": Event(_("Issue the certificate"), _("Certificate issued"), "118-p26", signals.certificate_issued),
    "issue_duplicate": Event(_("Issue the duplicate"), _("Duplicate issued"), "118-p26", signals.certificate_issued),
    "annul": Event(_("Annul the certificate"), _("Certificate annulled"), "118-p26", signals.certificate_annulled),
}

flow.register(flow.Machine(Certificate, rights.may, EVENTS))
