"""Conditions of the transitions of a grant application. Each carries the sentence that the disabled button shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from grants.states import Met
from referrals.conditions import because

if TYPE_CHECKING:
    from grants.models.applications import GrantApplication


@because(_("Give your consent first: without it the registers may not be asked."))
def consented(case: GrantApplication) -> bool:
    return case.consent_at is not None


@because(_("The centre of residence is not known yet: the register of persons has not answered."))
def has_centre(case: GrantApplication) -> bool:
    return case.office_id is not None


@because(
    _(
        "The labour market system has not given your individual employment card yet. Your draft is kept; come back"
        " later, or ask again on the page of the criteria."
    )
)
def card_fetched(case: GrantApplication) -> bool:
    """FKA04-1.4: the individual employment card is an input document; it is fetched, never typed."""
    return case.card_fetched_at is not None and bool(case.card_number)


@because(_("A criterion is not met. Open the page of the criteria: it says why and what to do."))
def none_denied(case: GrantApplication) -> bool:
    answers = dict(case.checks.values_list("criterion", "result"))
    return set(answers) >= set(law.value("A-30:criteria")) and Met.NO not in answers.values()


@because(_("The project is not complete. Answer the questions that are marked as missing."))
def project_complete(case: GrantApplication) -> bool:
    return not case.missing()


@because(_("The sum you ask for is over the limit of the grant. Pay more from your own money, or ask for less."))
def within_limit(case: GrantApplication) -> bool:
    """A-41: checked on the day of filing, and once more on the day of the decision."""
    assert case.office is not None
    return case.grant_sum <= case.limit_on(clock.today(case.office.zone))


@because(_("Applications are not taken now in your region. Your draft is kept until the next intake opens."))
def intake_open(case: GrantApplication) -> bool:
    """FKA04-1.4: where a region announced windows of intake, filing is possible inside them alone."""
    return case.office is not None and case.intake_open_on(clock.today(case.office.zone))


SUBMIT = [consented, has_centre, card_fetched, none_denied, project_complete, within_limit, intake_open]


@because(_("A criterion is not decided yet, or is not met. Decide every criterion in the check first."))
def all_met(case: GrantApplication) -> bool:
    answers = dict(case.checks.values_list("criterion", "result"))
    return bool(answers) and set(answers.values()) == {Met.YES.value}


@because(_("No criterion is answered with “no”, so the application cannot be rejected for the criteria."))
def one_denied(case: GrantApplication) -> bool:
    return case.checks.filter(result=Met.NO).exists()


@because(_("A rejection is before the head of unit. It must be confirmed or returned first."))
def no_rejection_waits(case: GrantApplication) -> bool:
    return not case.rejections.filter(closed_at=None).exists()


@because(_("No rejection was proposed by the specialist."))
def rejection_waits(case: GrantApplication) -> bool:
    return case.rejections.filter(closed_at=None).exists()


@because(_("The applicant was not absent before: the application is heard at the next meeting once."))
def absent_before(case: GrantApplication) -> bool:
    """A-35: only a further absence closes the application."""
    return case.absences >= law.value("A-35")
