"""The money of a centre: the year's budget, contracts, payments; with the grantees on the other side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bastau import clock
from bastau.gateways.simulators.bank import account
from grants.actions import budget, contracts, decisions, payments
from grants.models import ContractSupplement, GrantContract, Payment
from grants.simulation.days import citizen, lot, on_desk, signatures, systems_answer, today
from grants.simulation.pdf import small_pdf
from grants.simulation.staff import GrantTeam
from grants.states import Answer, ContractState, PaymentState
from referrals.simulation.world import World

#: The sum of a year comes in parts: so the reserve list fills and is called on.
PART = 2_500_000
PAYER = {
    "iban": "KZ64999KZT0000012345",
    "bank_kk": "Үлгі қазынашылығы",
    "bank_ru": "Казначейство-образец",
    "bic": "KAZNKZKX",
    "payer_code": "12",
    "payee_code": "19",
    "purpose_code": "359",
}
#: A further part is entered when somebody has waited in the reserve so long, but not in the last weeks of a run.
WAITED, NOT_AFTER = timedelta(days=25), timedelta(days=30)
REFUSED_OFFER = "Өтініш иесі шарттан бас тартты."


class MoneyWork:
    """The desks of the director and the accountant, and the grantees who give data and sign."""

    def __init__(self, world: World, staff: GrantTeam) -> None:
        self.world, self.staff = world, staff

    # --------------------------------------------------------------------------------------------------------- budget

    def budget(self) -> None:
        """The year's sum by the director, the account by the accountant; released money goes to the reserve list."""
        centre, on = self.staff.centre, today(self.staff.centre)
        year = budget.budget_of(centre)
        if year is None or not year.total:
            self._enter(PART, 1)
            year = budget.set_account(centre, on.year, by=self.staff.accountant, **PAYER)
        waiting = decisions.reserve_list(centre).first()
        if waiting is None:
            return
        now, since = clock.now(), waiting.decided_at
        if (waiting.awarded_sum or 0) <= year.free:
            decisions.award_from_reserve(waiting, by=self.staff.secretary)
        elif since is not None and now - since >= WAITED and now < self.world.end - NOT_AFTER:
            self._enter(year.total + PART, year.changes.count() + 1)

    def _enter(self, total: int, number: int) -> None:
        on = today(self.staff.centre)
        budget.set_total(
            self.staff.centre,
            on.year,
            total=total,
            basis=f"{on.year} жылғы {on:%d.%m} № {number}-Б бұйрық",
            by=self.staff.director,
        )

    # ------------------------------------------------------------------------------------------------------ contracts

    def contracts(self) -> None:
        """Signed by the applicant, signed by the head, data given: one step a day."""
        for model in (GrantContract, ContractSupplement):
            for case in on_desk(self.world, self._in(model, ContractState.SIGNED_BY_HEAD)):
                by = citizen(case)
                contracts.sign(case, by=by, signatures=signatures(contracts.versions(case), by))
            for case in on_desk(self.world, self._in(model, ContractState.DRAFT)):
                by = self.staff.director
                contracts.sign_by_head(case, by=by, signatures=signatures(contracts.versions(case), by))
            for case in on_desk(self.world, self._in(model, ContractState.AWAITING_DATA)):
                self._data(case)

    def _data(self, case: Any) -> None:
        """Registration and account; one in many refuses the offer, one has to show the notice on paper."""
        by = citizen(case)
        if isinstance(case, GrantContract):
            if case.declined_at is not None:
                contracts.lapse(case, by=self.staff.director, reason=REFUSED_OFFER)
                return
            if lot(case.person, 17) == 3:
                contracts.decline(case, by=by)
                return
            self._registration(case)
        case = self._fresh(case)
        if case.state == ContractState.AWAITING_DATA and case.account_answer != Answer.YES:
            contracts.give_account(case, by=by, iban=self._iban(case))
            systems_answer(case)

    def _registration(self, case: GrantContract) -> None:
        by, on = citizen(case), today(self.staff.centre)
        if case.registered:
            return
        if case.business_answer != Answer.NO:
            contracts.ask_register(case, by=by)
            systems_answer(case)
        elif not contracts.scans_of(case):
            scan = small_pdf(f"Talon {case.pk}")
            contracts.add_scan(case, by=by, file=SimpleUploadedFile("talon.pdf", scan, "application/pdf"))
        else:
            specialist = self.staff.specialists[0]
            contracts.confirm_registration(
                case, by=specialist, number=f"KZ{case.pk:08}UTN", since=on - timedelta(days=3)
            )

    def _iban(self, case: Any) -> str:
        """One in nine gives an account that is closed by the time of the payment."""
        closed = isinstance(case, GrantContract) and lot(case.person, 9, 1) == 2
        return account(case.person.iin, "C" if closed else "A")

    # ------------------------------------------------------------------------------------------------------- payments

    def payments(self) -> None:
        """Answered by the bank, sent, approved, formed: one step a day, three pairs of hands."""
        director, accountant = self.staff.director, self.staff.accountant
        for case in on_desk(self.world, self._in(Payment, PaymentState.SENT_TO_BANK)):
            systems_answer(case)
        for case in on_desk(self.world, self._in(Payment, PaymentState.APPROVED)):
            payments.send(case, by=accountant, signatures=signatures(payments.orders(case), accountant))
        for case in on_desk(self.world, self._in(Payment, PaymentState.FORMED)):
            payments.approve(case, by=director, signatures=signatures(payments.orders(case), director))
        for case in self._in(Payment, PaymentState.BANK_RETURNED):
            if case.contract.supplements.filter(state=ContractState.IN_FORCE).exists():
                payments.form_again(case, by=accountant, purpose_code="")
        unpaid = [case for case in self._in(GrantContract, ContractState.IN_FORCE) if not hasattr(case, "payment")]
        for case in on_desk(self.world, unpaid):
            payments.form(case, by=accountant, purpose_code="")

    # -------------------------------------------------------------------------------------------------------- reading

    def _in(self, model: Any, state: str) -> list[Any]:
        mine = model._base_manager.filter(office=self.staff.centre, state=state)
        return list(mine.select_related("person", "office").order_by("pk"))

    def _fresh(self, case: Any) -> Any:
        return type(case)._base_manager.select_related("person", "office").get(pk=case.pk)
