"""Stipends: the sheet drawn up, checked, approved, paid; accounts and written decisions. The only writers of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import SYSTEM, Actor, Refused, perform, perform_many
from bastau.flow.judging import staff
from bastau.papers import numbers
from bastau.papers.models import Paper
from bastau.people.models import Office, Person
from bastau.people.roles import Role
from training.actions import office_papers
from training.models import Enrolment, StipendAccount, StipendLine, StipendSheet, TrainingGroup
from training.papers import stipends as kinds
from training.rules import stipends as rules
from training.states import (
    ENROLMENT_RESULTS,
    SHEET_APPROVED,
    EnrolmentState,
    GroupState,
    LineReason,
    LineState,
    SheetState,
)


def groups_to_pay() -> QuerySet[TrainingGroup]:
    """Groups whose stipend sheet may be drawn up: offline, completed or broken off after the start (SPEC 4.8)."""
    ended = Q(state=GroupState.COMPLETED) | Q(state=GroupState.CANCELLED, began_at__isnull=False)
    return TrainingGroup._base_manager.filter(ended, mode="offline")


def learners(group: TrainingGroup, centre: Office) -> QuerySet[Enrolment]:
    """Who learned in the group with a referral of `centre`, however it ended (A-25, A-27).

    Those of a group that was broken off are back among the candidates; the journal of the group still has them.
    """
    ended = Q(group=group, began_at__isnull=False, state__in=[*ENROLMENT_RESULTS, EnrolmentState.WITHDRAWN])
    was_there = Q(attendance__class_day__group=group)
    found = Enrolment._base_manager.filter(referral__office=centre)
    return found.filter(ended if group.state == GroupState.COMPLETED else ended | was_there).distinct()


def draw_up(group: TrainingGroup, centre: Office, *, by: Actor) -> StipendSheet:
    """Draw up the sheet of a group for one centre, a line for each who learned (118-p31, p32).

    A second one is not made: the first is given back. Raises Refused.
    """
    with transaction.atomic():
        group = TrainingGroup._base_manager.select_for_update(of=("self",)).select_related("office").get(pk=group.pk)
        sheet = StipendSheet(group=group, office=centre)
        allowed = staff(sheet, by, centre.pk, Role.SPECIALIST)
        if not allowed.ok:
            raise Refused(str(allowed.reason))
        known = StipendSheet.objects.filter(group=group, office=centre).first()
        if known is not None:
            return known
        if not groups_to_pay().filter(pk=group.pk).exists():
            raise Refused(_("A stipend sheet is drawn up for an offline group that is completed or was broken off."))
        assert by.user is not None
        day = clock.today(centre.zone)
        series = f"ШТ-{centre.region_id}-{day.year}"
        sheet = StipendSheet.objects.create(
            group=group,
            office=centre,
            number=f"{series}-{numbers.take(series):06d}",
            drafted_by=by.user,
            rate=rules.rate(group.end_on),
            ruleset=group.ruleset,
            created_at=clock.now(),
        )
        _reckon(sheet)
    return sheet


def _reckon(sheet: StipendSheet) -> None:
    """Make the lines and move each where the Rules put it; lines the director decided stay as decided."""
    group, centre = sheet.group, sheet.office
    assert centre is not None
    people = list(
        learners(group, centre)
        .select_related("person", "referral")
        .annotate(came=Count("attendance", filter=Q(attendance__class_day__group=group, attendance__present=True)))
        .order_by("pk")
    )
    planned = group.class_days.count()
    accounts = _accounts([one.person_id for one in people])
    StipendLine.objects.bulk_create(
        [
            StipendLine(
                sheet=sheet, group=group, enrolment=one, person=one.person, office=centre, number=sheet.number,
                ruleset=sheet.ruleset, created_at=clock.now(), days_planned=planned, days_attended=one.came,
                ground="A-25",
            )
            for one in people
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    verdicts = {one.pk: _due(one, group, accounts.get(one.person_id, "")) for one in people}
    undecided = StipendLine._base_manager.filter(sheet=sheet, decided_at=None)
    _move(sheet, undecided, verdicts, accounts)


def _due(enrolment: Any, group: TrainingGroup, iban: str) -> rules.Due:
    return rules.due(
        outcome=enrolment.state,
        online=not group.is_offline,
        programme=enrolment.referral_id is not None,
        broken_off=group.state == GroupState.CANCELLED,
        account=bool(iban),
    )


def _move(
    sheet: StipendSheet,
    lines: QuerySet[StipendLine],
    verdicts: Mapping[int, rules.Due],
    accounts: Mapping[int, str],
) -> None:
    def of(state: str) -> QuerySet[StipendLine]:
        keys = [key for key, due in verdicts.items() if due.state == state]
        return lines.filter(enrolment__in=keys).select_related("person", "office")

    def why(line: StipendLine) -> dict[str, Any]:
        due = verdicts[line.enrolment_id]
        return {"reason": due.reason, "ground": due.clause}

    def sums(line: StipendLine) -> dict[str, Any]:
        return {
            "iban": accounts[line.person_id],
            "accrued": rules.accrued(sheet.rate, line.days_planned, line.days_attended, sheet.group.end_on),
        }

    def told(line: StipendLine) -> dict[str, Any]:
        due = verdicts[line.enrolment_id]
        return {"sheet": sheet.pk, "reason": due.reason, "clause": due.clause}

    perform_many(of(LineState.PAYABLE).filter(state=LineState.HELD), "release", by=SYSTEM, set_for=sums, facts_for=told)
    perform_many(of(LineState.EXCLUDED), "exclude", by=SYSTEM, set_for=why, facts_for=told)
    perform_many(of(LineState.HELD), "hold", by=SYSTEM, set_for=why, facts_for=told)


def send_to_check(sheet: StipendSheet, *, by: Actor) -> StipendSheet:
    """The specialist gives the sheet to the director; the paper is printed. Raises Refused."""
    with transaction.atomic():
        sheet = perform(sheet, "send_to_check", by=by)
        office_papers.ask(sheet, kinds.STIPEND_SHEET, kinds.sheet_facts(sheet))
    return sheet


def sheet_papers(sheet: StipendSheet) -> list[Paper]:
    """The papers the director signs."""
    return office_papers.versions(sheet, kinds.STIPEND_SHEET)


def send_back(sheet: StipendSheet, *, by: Actor, reason: str) -> StipendSheet:
    """The director returns the sheet with the reason; its paper is void (A-51). Raises Refused."""
    if not reason.strip():
        raise Refused(_("Write what is to be corrected."))
    with transaction.atomic():
        sheet = perform(sheet, "send_back", by=by, set={"reason": reason.strip()})
        office_papers.void(sheet, kinds.STIPEND_SHEET)
    return sheet


def draw_anew(sheet: StipendSheet, *, by: Actor) -> StipendSheet:
    """The specialist reckons a returned sheet anew, with the accounts given since. Raises Refused."""
    with transaction.atomic():
        sheet = perform(sheet, "draw_anew", by=by)
        _reckon(sheet)
    return sheet


def approve(sheet: StipendSheet, *, by: Actor, signatures: Mapping[int, bytes]) -> StipendSheet:
    """The director signs the sheet (118-p31, p32, A-26). Raises Refused and papers.SigningRefused."""
    with transaction.atomic():
        locked = _locked(sheet)
        if locked.state in SHEET_APPROVED and by.user is not None and locked.approved_by_id == by.user.pk:
            return locked
        sheet = perform(sheet, "approve", by=by)
        assert sheet.office is not None
        today = clock.today(sheet.office.zone)
        office_papers.sign(sheet, kinds.STIPEND_SHEET, by=by, signatures=signatures, on=today)
        _take_accounts(sheet)
    return sheet


def send_to_bank(sheet: StipendSheet, *, by: Actor, reference: str) -> StipendSheet:
    """The accountant sends the payable lines, whoever approved the sheet being another (SPEC 5). Raises Refused."""
    return perform(sheet, "send_to_bank", by=by, set={"reference": reference.strip()})


def execute(sheet: StipendSheet, *, by: Actor, executed_on: date, returned: Collection[int] = ()) -> StipendSheet:
    """Enter the bank's answer: all payable lines are paid but those it `returned`. Raises Refused."""
    with transaction.atomic():
        locked = _locked(sheet)
        assert locked.office is not None
        if executed_on > clock.today(locked.office.zone):
            raise Refused(_("The bank's day of execution cannot lie ahead."))
        sent = StipendLine._base_manager.filter(sheet=sheet, state=LineState.PAYABLE).select_related("person", "office")
        partly = bool(returned) or locked.lines.filter(state__in=[LineState.HELD, LineState.BANK_RETURNED]).exists()
        sheet = perform(
            sheet, "execute", by=by, set={"executed_on": executed_on, "partly": partly}, executed_on=executed_on,
            returned=len(returned),
        )  # fmt: skip
        perform_many(sent.filter(pk__in=returned), "bank_return", by=by)
        perform_many(sent.exclude(pk__in=returned), "pay", by=by, set_for=lambda line: {"paid_on": executed_on})
    return sheet


def decide(line: StipendLine, *, by: Actor, pay: bool, decision: str) -> StipendLine:
    """The director decides in writing on a held line (A-25): paid, or excluded. Raises Refused."""
    if not decision.strip():
        raise Refused(_("Write the decision and its reasons."))
    with transaction.atomic():
        sheet = _locked(line.sheet)
        if sheet.state == SheetState.IN_CHECK:
            raise Refused(_("The printed sheet waits for the signature. Return it first, or decide after signing."))
        line = _locked_line(line)
        if line.state == LineState.HELD and line.reason == LineReason.NO_ACCOUNT:
            raise Refused(_("This line waits for an account only. The person gives it in the cabinet."))
        if not pay:
            refusal = {"reason": LineReason.BY_DECISION, "ground": "A-25", "decision": decision.strip()}
            return perform(line, "exclude", by=by, set=refusal, reason=LineReason.BY_DECISION)
        iban = _accounts([line.person_id]).get(line.person_id, "")
        if not iban:
            raise Refused(_("The person has given no account yet, so the line cannot be made payable."))
        accrued = rules.accrued(sheet.rate, line.days_planned, line.days_attended, sheet.group.end_on)
        facts = {"accrued": accrued, "iban": iban, "ground": "A-25", "decision": decision.strip()}
        return perform(line, "release", by=by, set=facts, clause="A-25")


def give_account(person: Person, *, by: Actor, iban: str) -> StipendAccount:
    """The person names the own account; lines that waited for it, or that the bank returned, become payable.

    Raises Refused.
    """
    iban = "".join(iban.split()).upper()
    if by.user is None or by.user.person_id != person.pk:
        raise Refused(_("An account is given by the person it belongs to."))
    if not rules.valid_account(iban):
        raise Refused(_("This is no account number: KZ and eighteen more signs, as the bank's paper shows it."))
    with transaction.atomic():
        account, _made = StipendAccount.objects.update_or_create(
            person=person, defaults={"iban": iban, "given_at": clock.now(), "given_by": by.user}
        )
        waiting = StipendLine._base_manager.filter(person=person, sheet__state__in=[SheetState.DRAFT, *SHEET_APPROVED])
        for sheet in StipendSheet._base_manager.filter(pk__in=waiting.values("sheet")).order_by("pk"):
            _take_accounts(sheet, person)
    return account


def _take_accounts(sheet: StipendSheet, person: Person | None = None) -> None:
    """Release the lines that waited for nothing but an account, where it is there now."""
    sheet = _locked(sheet)
    waits = Q(state=LineState.HELD, reason=LineReason.NO_ACCOUNT) | Q(state=LineState.BANK_RETURNED)
    lines = StipendLine._base_manager.filter(waits, sheet=sheet).select_related("person", "office")
    # What the bank returned needs another account, given by the person after that.
    lines = lines.filter(person=person) if person is not None else lines.filter(state=LineState.HELD)
    accounts = _accounts(list(lines.values_list("person", flat=True)))
    perform_many(
        lines.filter(person__in=accounts),
        "release",
        by=SYSTEM,
        set_for=lambda line: {
            "iban": accounts[line.person_id],
            "accrued": rules.accrued(sheet.rate, line.days_planned, line.days_attended, sheet.group.end_on),
        },
        facts_for=lambda line: {"sheet": sheet.pk},
    )


def _accounts(people: list[int]) -> dict[int, str]:
    return dict(StipendAccount.objects.filter(person__in=people).values_list("person", "iban"))


def _locked(sheet: StipendSheet) -> StipendSheet:
    return (
        StipendSheet._base_manager.select_for_update(of=("self",))
        .select_related("office", "group__office")
        .get(pk=sheet.pk)
    )


def _locked_line(line: StipendLine) -> StipendLine:
    return (
        StipendLine._base_manager.select_for_update(of=("self",))
        .select_related("office", "person", "sheet__group")
        .get(pk=line.pk)
    )
