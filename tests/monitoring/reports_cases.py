"""Brings quarterly reports and recoveries into a state through the actions, as the screens would."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bastau import clock, papers
from bastau.flow import Actor
from bastau.papers.authority import demo_sign
from bastau.people.citizens import account_of
from grants.models import Payment, ProjectLine
from monitoring.actions import recovery as recovering
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports as actions
from monitoring.models import QuarterlyReport, Recovery, ReportLine
from monitoring.sweeps import reports as sweeps
from tests.grants import contract_cases
from tests.grants.contract_cases import PayingCentre

if TYPE_CHECKING:
    from tests.monitoring.granting import Granted

ALMATY = ZoneInfo("Asia/Almaty")
#: The payment of vector V18; its quarters are II, III, IV of 2026 and I of 2027.
PAID = datetime(2026, 5, 20, 12, 0, tzinfo=ALMATY)
JULY = datetime(2026, 7, 1, 10, 0, tzinfo=ALMATY)
DOCUMENT: dict[str, Any] = {
    "item": "",
    "proof_kind": "invoice",
    "proof_number": "ШФ-17",
    "proof_date": date(2026, 6, 10),
    "supplier": "«Үлгі Жабдық» ЖШС",
}
PROGRESS = {"progress": "Пеш сатып алынды, маусымда нан пісіре бастадық.", "jobs": 2, "income": 300_000, "taxes": 9_000}
ACT = "Ақшаға сметада жоқ теледидар сатып алынған."


def picture(color: int = 0) -> SimpleUploadedFile:
    """A photographed document; another colour makes another file."""
    kept = io.BytesIO()
    Image.new("RGB", (40, 40), (color % 256, color // 256, 120)).save(kept, "PNG")
    return SimpleUploadedFile(f"chek-{color}.png", kept.getvalue(), "image/png")


def paid(centre: PayingCentre, **options: Any) -> Payment:
    """A grant of 1 500 000 ₸, executed by the bank today; its reports are made by the fact itself."""
    return contract_cases.executed(centre, **options)


def grantee(case: Any) -> Actor:
    """The citizen whose case it is."""
    return Actor(account_of(case.person))


def report_of(payment: Payment, place: int = 0) -> QuarterlyReport:
    """The report of the `place`-th quarter."""
    reports = QuarterlyReport.objects.filter(payment=payment).select_related("person", "office", "payment")
    return reports.order_by("quarter_end")[place]


def items(report: QuarterlyReport) -> list[ProjectLine]:
    """The estimate."""
    return list(report.payment.contract.application.lines.order_by("pk"))


def add(report: QuarterlyReport, amount: int, *, color: int = 0, **said: Any) -> ReportLine:
    """One document for the first item of the estimate, unless `item` says what else it was for."""
    line = {**DOCUMENT, "project_line": None if said.get("item") else items(report)[0], "amount": amount, **said}
    return drafts.add_line(report, by=grantee(report), file=picture(color), **line)


def opened(granted: Granted) -> QuarterlyReport:
    """The first report, due: its quarter is over. The clock is to stand in July."""
    sweeps.open_reports()
    return fresh(report_of(granted.payment))


def overdue(granted: Granted) -> QuarterlyReport:
    """The first report, not filed in its term."""
    report = opened(granted)
    with clock.at(datetime(2026, 7, 16, 9, 0, tzinfo=ALMATY)):
        sweeps.mark_overdue()
    return fresh(report)


def told(report: QuarterlyReport, amount: int = 1_200_000, **said: Any) -> QuarterlyReport:
    """With every question answered and one document for the whole sum; 0 makes a zero report."""
    by = grantee(report)
    reason = "" if amount else "Жабдыққа тапсырыс берілді, келесі тоқсанда төленеді."
    report = drafts.answer(report, by=by, spent=amount, no_spend_reason=reason, **PROGRESS)
    if amount:
        add(report, amount, **said)
    return report


def file(report: QuarterlyReport) -> QuarterlyReport:
    """Printed, signed and filed by the grantee."""
    by = grantee(report)
    assert by.user is not None
    paper = papers.render(drafts.prepare(report, by=by).pk)
    return actions.file(report, by=by, cms=demo_sign(by.user, paper.content(), None), paper=paper)


def filed(granted: Granted, amount: int = 1_200_000, **said: Any) -> QuarterlyReport:
    """The first report, filed."""
    return file(told(opened(granted), amount, **said))


def decide(granted: Granted, report: QuarterlyReport, decision: str = "accepted", note: str = "") -> QuarterlyReport:
    """Every line decided alike by the specialist."""
    decisions = {line.pk: (decision, note) for line in report.lines.all()}
    return actions.decide_lines(report, by=granted.centre.specialist, decisions=decisions)


def accepted(granted: Granted) -> QuarterlyReport:
    """The first report, accepted."""
    return actions.accept(decide(granted, filed(granted)), by=granted.centre.specialist)


def returned(granted: Granted) -> QuarterlyReport:
    """The first report, sent back for an unreadable document."""
    report = decide(granted, filed(granted), "faulty", "Чектің сомасы оқылмайды.")
    return actions.give_back(report, by=granted.centre.specialist, reasons="Чекті қайта түсіріңіз")


def misuse_proposed(granted: Granted) -> QuarterlyReport:
    """With an act on a purchase outside the estimate before the head of unit."""
    report = decide(granted, filed(granted, 400_000, item="Теледидар"), "misused", "Сметада жоқ.")
    return actions.propose_misuse(report, by=granted.centre.specialist, text=ACT)


def misused(granted: Granted) -> QuarterlyReport:
    """Misuse confirmed by the head of unit; the recovery has begun."""
    return actions.find_misuse(misuse_proposed(granted), by=granted.centre.head)


def recovery_of(report: QuarterlyReport) -> Recovery:
    """The recovery of a report."""
    return Recovery.objects.select_related("person", "office", "report__payment").get(report=report)


def explained(granted: Granted) -> Recovery:
    """The grantee has explained."""
    recovery = recovery_of(misused(granted))
    return recovering.explain(recovery, by=grantee(recovery), text="Теледидар дүкенде мәзір көрсетуге алынды.")


def demanded(granted: Granted) -> Recovery:
    """The director demands the return."""
    return recovering.demand(explained(granted), by=granted.centre.director, text="Сметада мәзір экраны жоқ.")


def fresh(case: Any) -> Any:
    """The case read anew."""
    return type(case)._base_manager.select_related("person", "office").get(pk=case.pk)
