"""Conditions of the steps of an enrolment (SPEC 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bastau import law
from bastau.portal import dates
from referrals.conditions import because
from referrals.states import DECIDED, Outcome

if TYPE_CHECKING:
    from training.models import Enrolment

#: States of the group (SPEC 4.3), written as the group keeps them.
TAKING = frozenset({"announced", "enrolling"})
#: Its roster is fixed or its classes run: only who waits on the list may follow somebody who left.
FOLLOWING = frozenset({"ready", "running"})
BEGAN = frozenset({"running", "assessing"})


def _group_state(case: Enrolment) -> str:
    return str(case.group.state) if case.group is not None else ""


@because(_("There is no issued referral. Without a referral nobody is accepted for training."))
def referral_issued(case: Enrolment) -> bool:
    """118-p18: the referral stands in the system and is verified there, no paper copy is asked for (A-48)."""
    return case.referral.outcome == Outcome.ISSUE and case.referral.state in DECIDED


@because(_("A question of the questionnaire is not answered yet."))
def questionnaire_answered(case: Enrolment) -> bool:
    answers = case.questionnaire
    return bool(answers.get("study_form") and answers.get("promises") and answers.get("consents"))


ENROLMENT_READY = [referral_issued, questionnaire_answered]


@because(_("No group is chosen yet, or the group does not take people now."))
def group_takes_people(case: Enrolment) -> bool:
    if case.state == "waitlisted":
        return _group_state(case) in TAKING | FOLLOWING
    return _group_state(case) in TAKING


def _too_early(case: Enrolment) -> str:
    from training.rules.enrolments import earliest_start

    earliest = earliest_start(case)
    assert earliest is not None
    return gettext(
        "New training may start three years after the end of the previous one. The earliest day: %(date)s."
    ) % {"date": dates.long_date(earliest)}


@because(_too_early)
def three_years_passed(case: Enrolment) -> bool:
    """118-p29, A-23: a hard stop; new training starts three years after the end of the previous one at the earliest."""
    from training.rules.enrolments import earliest_start

    earliest = earliest_start(case)
    return earliest is None or (case.group is not None and case.group.start_on >= earliest)


def _full(case: Enrolment) -> str:
    if case.group is None:
        return gettext("No group is chosen yet, or the group does not take people now.")
    words = gettext("The group is full: practical training takes at most %(most)s people. A waiting list is kept.")
    return words % {"most": law.value("118-p22-3:max")}


@because(_full)
def place_free(case: Enrolment) -> bool:
    from training.rules.enrolments import place_for

    return place_for(case)


@because(_("There is a free place, so nobody has to wait."))
def group_full(case: Enrolment) -> bool:
    return not place_free(case)


@because(_("The classes of the group have not begun."))
def group_runs(case: Enrolment) -> bool:
    return _group_state(case) == "running"


@because(_("The classes of the group have not begun, so nobody can have missed them."))
def group_began(case: Enrolment) -> bool:
    return _group_state(case) in BEGAN


@because(_("The final test opens when the last class day is over."))
def group_assesses(case: Enrolment) -> bool:
    return _group_state(case) == "assessing"


@because(_("The group goes on."))
def group_cancelled(case: Enrolment) -> bool:
    return _group_state(case) == "cancelled"


@because(_("A module test is not passed yet."))
def all_modules_passed(case: Enrolment) -> bool:
    """118-p24: the final test is open to who passed the tests of all modules."""
    from training.rules.enrolments import modules_passed

    return modules_passed(case)


@because(_("The final test has its result already."))
def no_final_yet(case: Enrolment) -> bool:
    return case.final_percent is None


@because(_("The final test has no result yet."))
def final_there(case: Enrolment) -> bool:
    return case.final_percent is not None


@because(_("The business plan has its result already."))
def no_plan_result_yet(case: Enrolment) -> bool:
    return case.plan_at is None


@because(_("The final test is not taken yet, or its mark is not low."))
def final_low(case: Enrolment) -> bool:
    return case.final_percent is not None and case.final_percent < law.value("A-20:pass")


@because(_("The final test is not passed."))
def final_passed(case: Enrolment) -> bool:
    return case.final_percent is not None and case.final_percent >= law.value("A-20:pass")


@because(_("There is no business plan with a positive assessment."))
def plan_positive(case: Enrolment) -> bool:
    return case.plan_percent is not None and case.plan_percent >= law.value("118-p27-1")


@because(_("The business plan is not assessed yet, or its assessment is positive."))
def plan_missing_or_negative(case: Enrolment) -> bool:
    return case.plan_at is not None and not plan_positive(case)
