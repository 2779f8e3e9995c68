"""Quarterly reports in a simulated run: written and filed by the grantees, checked by the centre's specialists."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bastau import clock
from bastau.flow import Actor
from grants.simulation.days import citizen, lot, on_desk, signatures, today
from grants.simulation.pdf import small_pdf
from monitoring import balance
from monitoring.actions import report_drafts as drafts
from monitoring.actions import reports
from monitoring.models import QuarterlyReport
from monitoring.states import LineDecision, ProofKind, ReportState
from referrals.simulation.world import Team, World

PROGRESS = "Жабдық сатып алынды, өнім шығарыла бастады, тұрақты сатып алушылар бар."
NOTHING = "Грант қаражаты алдыңғы тоқсандарда толық жұмсалды."
LATER = "Жабдыққа тапсырыс берілді, келесі тоқсанда төленеді."
UNREADABLE = "Чектің сомасы оқылмайды."
SEND_AGAIN = "Чекті қайта түсіріп жіберіңіз: сомасы оқылмайды."
MENDED = "Чек қайта түсірілді, сомасы анық көрінеді."
VISITED = "Кәсіп орнында болдым: есептің мерзімі өткені ескертілді."
SUPPLIER = "«Үлгі Жабдық» ЖШС"


class ReportWork:
    """The grantees of a centre and the desks of its specialists."""

    def __init__(self, world: World, team: Team) -> None:
        self.world, self.team = world, team

    def morning(self) -> None:
        """What was filed is checked first; then the grantees write what is due."""
        self._check()
        for report in self._in(ReportState.RETURNED):
            self._mend(report)
        for report in on_desk(self.world, self._in(ReportState.OVERDUE)):
            self._late(report)
        for report in on_desk(self.world, self._in(ReportState.DUE)):
            # One grantee in seven forgets the term; the others write on a day of their own.
            if lot(report.person, 7, 2) != 5 and self.world.chance.random() < 0.25:
                self._file(report)

    # ------------------------------------------------------------------------------------------------------- grantees

    def _late(self, report: QuarterlyReport) -> None:
        if report.visited_on is None:
            by = self._specialist(report)
            reports.record_visit(report, by=by, visited_on=today(self.team.centre), note=VISITED)
        elif self.world.chance.random() < 0.4:
            self._file(report)

    def _file(self, report: QuarterlyReport) -> None:
        by = citizen(report)
        spent = self._spent(report)
        chance = self.world.chance
        jobs, income = chance.randrange(1, 4), chance.randrange(200, 900) * 1000
        first = not report.payment.reports.filter(quarter_end__lt=report.quarter_end).exists()
        why = "" if spent else LATER if first else NOTHING
        report = drafts.answer(
            report, by=by, spent=spent, no_spend_reason=why, progress=PROGRESS, jobs=jobs, income=income,
            taxes=income // 33,
        )  # fmt: skip
        if spent and not report.lines.exists():
            self._prove(report, spent)
        self._send(report)

    def _spent(self, report: QuarterlyReport) -> int:
        """The greater part in the first quarter that is reported on, then the rest."""
        left = int(balance.balance_of(report.payment).received - balance.balance_of(report.payment).spent)
        earlier = report.payment.reports.filter(quarter_end__lt=report.quarter_end)
        if earlier.exists() or lot(report.person, 3):
            return left
        return left * 6 // 10

    def _prove(self, report: QuarterlyReport, amount: int) -> None:
        item = report.payment.contract.application.lines.filter(grant_part__gt=0).order_by("pk").first()
        drafts.add_line(
            report,
            by=citizen(report),
            file=_scan(f"Invoice {report.number.encode('ascii', 'ignore').decode()} {report.pk}"),
            project_line=item,
            item="" if item else "Жабдық",
            proof_kind=ProofKind.INVOICE,
            proof_number=f"ШФ-{100 + lot(report.person, 800)}",
            proof_date=min(report.quarter_end, today(self.team.centre)),
            supplier=SUPPLIER,
            amount=amount,
        )

    def _mend(self, report: QuarterlyReport) -> None:
        """Another scan of what could not be read, some days after the return."""
        if self.world.chance.random() > 0.4:
            return
        by = citizen(report)
        drafts.answer_faults(report, by=by, text=MENDED)
        for line in report.lines.filter(decision=LineDecision.FAULTY).order_by("pk"):
            said = {
                name: getattr(line, name)
                for name in ("project_line", "item", "proof_kind", "proof_number", "proof_date", "supplier", "amount")
            }
            drafts.add_line(report, by=by, file=_scan(f"Invoice anew {line.pk}"), line=line, **said)
        self._send(report)

    def _send(self, report: QuarterlyReport) -> None:
        by = citizen(report)
        if drafts.gap(report) is not None:
            # What is missing only the grantee could say; the draft waits.
            self.world.told["reports not whole"] += 1
            return
        paper = drafts.prepare(report, by=by)
        cms = signatures([paper], by)[paper.pk]
        paper.refresh_from_db()
        reports.file(report, by=by, cms=cms, paper=paper)

    # ---------------------------------------------------------------------------------------------------------- check

    def _check(self) -> None:
        for report in on_desk(self.world, self._in(ReportState.SUBMITTED)):
            by = self._specialist(report)
            again = report.returns.exists()
            faulty = report.lines.exists() and not again and lot(report.person, 5, 3) == 2
            found = (LineDecision.FAULTY, UNREADABLE) if faulty else (LineDecision.ACCEPTED, "")
            reports.decide_lines(
                report, by=by, decisions={line.pk: found for line in report.lines.filter(decision="").order_by("pk")}
            )
            report = self._fresh(report)
            if faulty:
                reports.give_back(report, by=by, reasons=SEND_AGAIN)
            else:
                reports.accept(report, by=by)

    def _specialist(self, report: QuarterlyReport) -> Actor:
        able = [one for one in self.team.specialists if one.user and one.user.person_id != report.person_id]
        mine = [one for one in able if one.user and one.user.pk == report.assignee_id]
        return (mine or able)[lot(report.person, len(mine or able))]

    def _in(self, state: str) -> list[QuarterlyReport]:
        mine = QuarterlyReport._base_manager.filter(office=self.team.centre, state=state)
        return list(mine.select_related(*WITH).order_by("pk"))

    def _fresh(self, report: QuarterlyReport) -> QuarterlyReport:
        return QuarterlyReport._base_manager.select_related(*WITH).get(pk=report.pk)


WITH = ("person", "office", "payment__contract__application")


def _scan(text: str) -> Any:
    stamp = f"{text} {clock.now():%Y%m%d%H%M}"
    return SimpleUploadedFile("chek.pdf", small_pdf(stamp), "application/pdf")
