"""What time alone does to accompaniment and enquiries: each once, and caught up with after a pause."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bastau import clock, law, workdays
from bastau.flow import SYSTEM, Refused
from bastau.people.models import Office, OfficeKind
from grants.models import Payment
from monitoring.actions import accompaniment, consultations
from monitoring.models import AccompanimentCase, ConsultationRequest
from monitoring.states import LAUNCHED, ConsultationState, Redirection

BATCH = 500


def open_missing() -> int:
    """Open the accompaniment of a paid grant that has none, because its region had no chamber when it was paid."""
    done = 0
    regions = Office.objects.filter(kind=OfficeKind.CHAMBER).values("region")
    missing = Payment.objects.executed().filter(accompaniment=None, office__region__in=regions)
    for payment in missing.order_by("pk")[:BATCH]:
        done += accompaniment.open_for(payment) is not None
    return done


def finish() -> int:
    """Finish what has reached its end date and has its final report (SPEC 4.14); the others wait for the report."""
    # A day ahead of the earliest local date; the condition looks at the zone of the case.
    tomorrow = (clock.now() + timedelta(days=1)).date()
    ended = AccompanimentCase._base_manager.filter(state__in=LAUNCHED, ends_on__lt=tomorrow).exclude(final_report="")
    done = 0
    for case in ended.select_related("office").order_by("ends_on", "pk")[:BATCH]:
        assert case.office is not None
        if case.ends_on is None or clock.today(case.office.zone) <= case.ends_on:
            continue
        try:
            accompaniment.finish(case, by=SYSTEM)
        except Refused:
            # Stopped or finished by a person at this very moment.
            continue
        done += 1
    return done


def close_answered() -> int:
    """Close enquiries about whose answer nothing more was asked within the term (SPEC 4.15)."""
    term = law.term("T-CONSULT-CLOSE")
    calendar = workdays.current("centre")
    oldest = clock.now() - timedelta(days=term.length)
    resting = ConsultationRequest._base_manager.filter(answered_at__lt=oldest)
    answered = resting.filter(state=ConsultationState.ANSWERED)
    told = resting.filter(state=ConsultationState.REDIRECTED, passed_to=Redirection.TAX_OFFICE)
    done = 0
    for request in (answered | told).select_related("office").order_by("answered_at", "pk")[:BATCH]:
        assert request.office is not None
        assert request.answered_at is not None
        zone = request.office.zone
        day = request.answered_at.astimezone(ZoneInfo(zone)).date()
        if clock.now() <= workdays.working_term(day, term, calendar, zone).due:
            continue
        try:
            consultations.close(request)
        except Refused:
            # Confirmed or asked again at this very moment.
            continue
        done += 1
    return done
