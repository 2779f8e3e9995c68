"""Quarterly reports and recoveries on the citizen's page: what now, whose turn, by when, why, and what comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bastau.flow.models import Deadline
from bastau.portal import dates, figures
from bastau.portal.cabinet import Card, register_cards
from monitoring.actions.reports import early_sentence
from monitoring.models import QuarterlyReport, Recovery
from monitoring.rules.reports import quarter_name
from monitoring.states import (
    RECOVERY_ENDED,
    RECOVERY_PUBLIC,
    REPORT_FILEABLE,
    REPORT_PUBLIC,
    RecoveryState,
    ReportState,
)

#: What a citizen is shown of the journal; proposals and reminders are the office's own.
REPORT_EVENTS = frozenset({"open", "mark_overdue", "file", "accept", "give_back", "find_misuse", "settle"})
RECOVERY_EVENTS = frozenset(
    {"begin", "explain", "note_silence", "close_explained", "demand", "record_return", "go_to_court"}
)
#: The term shown on a card, by state.
TERMS = {
    ReportState.DUE: "T-REPORT",
    ReportState.OVERDUE: "T-REPORT",
    ReportState.RETURNED: "T-REPORT-FIX",
    ReportState.SUBMITTED: "T-REPORT-CHECK",
}
RECOVERY_TERMS = {RecoveryState.EXPLANATION_WAIT: "T-MISUSE-EXPLAIN", RecoveryState.DEMANDED: "T-RETURN"}


@register_cards
def cards(request: HttpRequest) -> list[Card]:
    """The reports that wait for something, with the nearest to come (or the last, when none is), and recoveries."""
    own = QuarterlyReport.objects.visible_to(request.user).select_related("person", "office")
    reports = list(own.order_by("quarter_end", "pk"))
    shown = [one for one in reports if one.state not in {ReportState.UPCOMING, ReportState.ACCEPTED}]
    upcoming = next((one for one in reports if one.state == ReportState.UPCOMING), None)
    if upcoming is not None:
        shown.append(upcoming)
    elif reports and not shown:
        shown.append(reports[-1])
    terms = terms_of(QuarterlyReport.kind, [one.pk for one in shown])
    found = [card_of(one, terms) for one in shown]
    recoveries = list(
        Recovery.objects.visible_to(request.user).open().select_related("person", "office", "report").order_by("-pk")
    )
    terms = terms_of(Recovery.kind, [one.pk for one in recoveries]) if recoveries else {}
    return [*found, *(recovery_card(one, terms) for one in recoveries)]


def terms_of(kind: str, ids: Iterable[int]) -> dict[tuple[int, str], Deadline]:
    """The newest deadline of each name of cases found through `visible_to`: (case id, name) -> deadline."""
    rows = Deadline.objects.filter(case_kind=kind, case_id__in=list(ids)).order_by("pk")
    return {(row.case_id, row.name): row for row in rows}


def quarter_of(report: QuarterlyReport) -> str:
    """The quarter in the reader's language."""
    return quarter_name(report.quarter_end)[dates.language()]


def card_of(report: QuarterlyReport, terms: Mapping[tuple[int, str], Deadline]) -> Card:
    """One report as its grantee needs it."""
    state = ReportState(report.state)
    return Card(
        case=report,
        stage="monitoring",
        state=REPORT_PUBLIC[state],
        url=reverse("monitoring:report", args=[report.pk]),
        deadline=terms.get((report.pk, TERMS.get(state, ""))),
        zone=report.office.zone if report.office else dates.DEFAULT_ZONE,
        events=REPORT_EVENTS,
        ahead=tuple(_ahead(report, state)),
        **_words(report, state),
    )


def _words(report: QuarterlyReport, state: ReportState) -> dict[str, Any]:
    office = report.office.name() if report.office else ""
    quarter = quarter_of(report)
    titled = _("Quarterly report: %(quarter)s") % {"quarter": quarter}
    if state == ReportState.UPCOMING:
        return {"title": titled, "sentence": early_sentence(report)}
    if state in REPORT_FILEABLE:
        return {"title": _title(report, state), "sentence": _ask(state), "turn": pgettext("whose turn", "You"),
                "mine": True, "action": {"label": _go(report, state), "url": _start(report)}}  # fmt: skip
    if state == ReportState.SUBMITTED:
        sentence = _("The centre looks at each document. You need not do anything; we write to you.")
        return {"title": titled, "sentence": sentence, "turn": office}
    if state == ReportState.MISUSE_FOUND:
        sentence = _("A part of the money went to something else than the estimate names. See the notice on it.")
        return {"title": titled, "sentence": sentence, "turn": office}
    return {"title": titled, "sentence": _("The report is accepted. Keep the documents.")}


def _title(report: QuarterlyReport, state: ReportState) -> str:
    words = {"quarter": quarter_of(report)}
    if state == ReportState.RETURNED:
        return _("Mend the report: %(quarter)s") % words
    if state == ReportState.OVERDUE:
        return _("The report is late: %(quarter)s") % words
    return _("File the report: %(quarter)s") % words


def _ask(state: ReportState) -> str:
    if state == ReportState.RETURNED:
        return _("The centre found faults. Read them, mend the report and send it again.")
    if state == ReportState.OVERDUE:
        return _("The term is over. Send the report now: a late one is accepted too. Otherwise the centre visits you.")
    return _("Say what the grant was spent on and add the documents. If nothing was spent, say why.")


def _go(report: QuarterlyReport, state: ReportState) -> str:
    if state == ReportState.RETURNED:
        return _("See the faults")
    return _("Go on with the report") if report.spent is not None else _("Fill in the report")


def _start(report: QuarterlyReport) -> str:
    page = "report" if report.state == ReportState.RETURNED else "report_spent"
    return reverse(f"monitoring:{page}", args=[report.pk])


def _ahead(report: QuarterlyReport, state: ReportState) -> list[dict[str, Any]]:
    office = report.office.name() if report.office else ""
    steps: list[tuple[str, str]] = []
    if state == ReportState.UPCOMING:
        steps.append((_("The quarter ends: %(date)s") % {"date": dates.long_date(report.quarter_end)}, ""))
    if state in {ReportState.UPCOMING, *REPORT_FILEABLE}:
        steps.append((_("You file the report"), ""))
    if state in {ReportState.UPCOMING, ReportState.SUBMITTED, *REPORT_FILEABLE}:
        steps.append((_("The centre checks the documents"), office))
    if state == ReportState.MISUSE_FOUND:
        steps.append((_("The centre closes the report when the misuse is settled"), office))
    return [
        {"title": title, "who": who, "note": "", "state": "later" if place else "now"}
        for place, (title, who) in enumerate(steps)
    ]


def recovery_card(recovery: Recovery, terms: Mapping[tuple[int, str], Deadline]) -> Card:
    """One recovery as its grantee needs it."""
    state = RecoveryState(recovery.state)
    return Card(
        case=recovery,
        stage="monitoring",
        state=RECOVERY_PUBLIC[state],
        url=reverse("monitoring:recovery", args=[recovery.pk]),
        deadline=terms.get((recovery.pk, RECOVERY_TERMS.get(state, ""))),
        zone=recovery.office.zone if recovery.office else dates.DEFAULT_ZONE,
        events=RECOVERY_EVENTS,
        **_recovery_words(recovery, state),
    )


def _recovery_words(recovery: Recovery, state: RecoveryState) -> dict[str, Any]:
    amount, office = figures.money(recovery.amount), recovery.office.name() if recovery.office else ""
    here = reverse("monitoring:recovery", args=[recovery.pk])
    if state == RecoveryState.EXPLANATION_WAIT and recovery.explained_at is None:
        return {
            "title": _("Explain what the money went to: %(sum)s") % {"sum": amount},
            "sentence": _("Write what it was spent on and why. The director of the centre reads it and decides."),
            "turn": pgettext("whose turn", "You"),
            "mine": True,
            "action": {"label": _("See the notice and explain"), "url": here},
        }
    if state == RecoveryState.EXPLANATION_WAIT:
        return {
            "title": _("Your explanation is with the director"),
            "sentence": _("You need not do anything. We write to you when it is decided."),
            "turn": office,
        }
    if state == RecoveryState.DEMANDED:
        return {
            "title": _("Return a part of the grant: %(sum)s") % {"sum": amount},
            "sentence": _("After the term the matter goes to court."),
            "turn": pgettext("whose turn", "You"),
            "mine": True,
            "action": {"label": _("See the demand"), "url": here},
        }
    assert state in RECOVERY_ENDED
    return {"title": RECOVERY_PUBLIC[state]}
