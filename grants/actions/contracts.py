"""The contract from the offer to its end: data given, drawn up, signed by the head and then by the applicant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, gateways, papers
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.gateways.models import Enquiry, System
from bastau.papers.models import Upload
from grants.actions import applications, budget
from grants.actions.within_contracts import (
    Agreement,
    ask_papers,
    live_papers,
    locked_agreement,
    locked_contract,
    office_of,
    sign_papers,
    void_papers,
)
from grants.models import ContractSupplement, GrantApplication, GrantContract
from grants.models.voting import Decision
from grants.notices import contracts as notices
from grants.papers import contracts as kinds
from grants.rules import accounts
from grants.states import CONTRACT_OFFERED, Answer, ContractState, PaymentState, RegistrationSource, Ruling

#: The kind of the upload that shows the registration (FKA04-3.1).
SCAN = "registration"


def offer(application: GrantApplication) -> GrantContract:
    """Open the contract of an application that was just awarded; there is one for each (FKA04-3.1). Idempotent."""
    office = application.office
    assert office is not None
    with transaction.atomic():
        number, day = protocol_of(application)
        contract, fresh = GrantContract.objects.get_or_create(
            application=application,
            defaults={
                "person": application.person,
                "office": office,
                "number": application.number,
                "amount": application.awarded_sum or 0,
                "language": application.language,
                "ruleset": application.ruleset,
                "created_at": clock.now(),
                "offered_on": clock.today(office.zone),
                "protocol_number": number,
                "protocol_date": day,
            },
        )
        if fresh:
            contract = perform(contract, "open", by=SYSTEM, amount=contract.amount)
    return contract


def protocol_of(application: GrantApplication) -> tuple[str, date | None]:
    """Number and date of the protocol on which the award stands; empty where no decision is known."""
    decision = (
        Decision.objects.filter(item__application=application, ruling=Ruling.GRANT)
        .exclude(protocol_number="")
        .select_related("item__meeting")
        .order_by("-pk")
        .first()
    )
    if decision is None:
        return "", None
    return decision.protocol_number, decision.item.meeting.held_on


# ------------------------------------------------------------------------------------------ registration and account


def ask_register(contract: GrantContract, *, by: Actor) -> GrantContract:
    """Ask the tax register whether the applicant is an individual entrepreneur (FKA04-3.1). Raises Refused."""
    with transaction.atomic():
        contract = _open_for(contract, by)
        if contract.registered:
            return contract
        waiting = contract.business_answer == Answer.WAITING
        if not waiting:
            contract.business_tries += 1
            contract.business_answer = Answer.WAITING
            contract.save(update_fields=["business_tries", "business_answer"])
            perform(contract, "give", by=by, what="registration", attempt=contract.business_tries)
            gateways.ask(
                System.TAX_REGISTRY,
                subject_iin=contract.person.iin,
                case_kind=contract.kind,
                case_id=contract.pk,
                key=_question(contract, "tax", contract.business_tries),
            )
    if waiting:
        _ask_again(_question(contract, "tax", contract.business_tries))
    return contract


def add_scan(contract: GrantContract, *, file: UploadedFile, by: Actor) -> Upload:
    """Keep a scan of the notice of registration, where the register does not show it yet (FKA04-3.1).

    Raises Refused and papers.UploadRefused. The same file twice is kept once.
    """
    assert by.user is not None
    with transaction.atomic():
        contract = _open_for(contract, by)
        if contract.registered:
            raise Refused(_("Your registration is confirmed already. No scan is needed."))
        known = scans_of(contract)
        upload = papers.accept_upload(
            file, case=(contract.kind, contract.pk), kind=SCAN, person=contract.person, office=contract.office,
            by=by.user,
        )  # fmt: skip
        if upload.pk not in {one.pk for one in known}:
            perform(contract, "give", by=by, what="scan", sha256=upload.sha256)
            notices.tell_scan(contract, upload)
    return upload


def scans_of(contract: GrantContract) -> list[Upload]:
    """The scans of the registration, in the order they came."""
    return list(Upload.objects.of_case(contract.kind, contract.pk).filter(kind=SCAN))


def confirm_registration(contract: GrantContract, *, by: Actor, number: str, since: date) -> GrantContract:
    """A specialist read the scan and enters number and date of the notice (FKA04-3.1). Raises Refused."""
    with transaction.atomic():
        contract = locked_contract(contract)
        if not scans_of(contract):
            raise Refused(_("There is no scan of the notice of registration yet."))
        if not number.strip():
            raise Refused(_("Enter the number of the notice of registration."))
        if since > clock.today(office_of(contract).zone):
            raise Refused(_("The day of registration cannot lie in the future."))
        given = {"number": number.strip(), "since": since}
        contract = perform(contract, "confirm_registration", by=by, set=given, since=since)
        return _advance(contract)


def give_account(case: Agreement, *, by: Actor, iban: str) -> Any:
    """Keep the account and ask the bank whose it is (FKA04-3.2). Raises Refused with what is wrong and what to do.

    The account that is asked about already is asked about again at once, not twice.
    """
    iban = accounts.tidy(iban)
    wrong = accounts.fault(iban)
    if wrong is not None:
        raise Refused(str(wrong), code="iban")
    with transaction.atomic():
        case = _open_for(case, by)
        if isinstance(case, ContractSupplement) and iban == case.contract.payment.iban:
            raise Refused(
                _("The bank returned the payment from this very account. Give another account of yours."), code="iban"
            )
        if case.iban == iban and case.account_answer == Answer.YES:
            return case
        waiting = case.iban == iban and case.account_answer == Answer.WAITING
        if not waiting:
            case.iban, case.account_answer = iban, Answer.WAITING
            case.bank_kk = case.bank_ru = case.bic = ""
            case.account_tries += 1
            case.save(update_fields=["iban", "account_answer", "bank_kk", "bank_ru", "bic", "account_tries"])
            perform(case, "give", by=by, what="account", attempt=case.account_tries)
            gateways.ask(
                System.BANK,
                subject_iin=case.person.iin,
                case_kind=case.kind,
                case_id=case.pk,
                key=_question(case, "account", case.account_tries),
                payload={"ask": "account", "iban": iban},
            )
    if waiting:
        _ask_again(_question(case, "account", case.account_tries))
    return case


def _question(case: Agreement, what: str, attempt: int) -> str:
    return f"{case.kind}:{case.pk}:{what}:{attempt}"


def _ask_again(key: str) -> None:
    # The case is not locked here: an answer that is just being taken in holds its question and waits for the case.
    enquiry = Enquiry.objects.filter(key=key).first()
    if enquiry is not None:
        gateways.ask_again(enquiry)


def note_answer(enquiry: Enquiry) -> None:
    """Take in what the tax register or the bank said; an answer to a question put aside meanwhile changes nothing."""
    model: Any = GrantContract if enquiry.case_kind == GrantContract.kind else ContractSupplement
    case = locked_agreement(model._base_manager.get(pk=enquiry.case_id))
    if case.state != ContractState.AWAITING_DATA:
        return
    answer = enquiry.answer or {}
    if enquiry.system == System.TAX_REGISTRY:
        _note_registration(case, answer)
    elif enquiry.system == System.BANK and answer.get("iban") == case.iban:
        _note_account(case, answer)
    _advance(case)


def _note_registration(contract: GrantContract, answer: Mapping[str, Any]) -> None:
    contract.business_answer = Answer.YES if answer.get("registered") else Answer.NO
    if answer.get("registered") and not contract.registered:
        contract.business_number = answer["number"]
        contract.business_since = date.fromisoformat(answer["since"])
        contract.business_source = RegistrationSource.REGISTER
    contract.save(update_fields=["business_answer", "business_number", "business_since", "business_source"])


def _note_account(case: Agreement, answer: Mapping[str, Any]) -> None:
    case.account_answer = Answer.YES if answer["own"] else Answer.NO if answer["found"] else Answer.UNKNOWN
    if answer["own"]:
        case.bank_kk, case.bank_ru, case.bic = answer["bank_kk"], answer["bank_ru"], answer["bic"]
    case.save(update_fields=["account_answer", "bank_kk", "bank_ru", "bic"])


def _advance(case: Any) -> Any:
    """When nothing is missing any more, draw up the paper for the head's signature."""
    if not case.account_own or (isinstance(case, GrantContract) and not case.registered):
        return case
    case = perform(case, "complete_data", by=SYSTEM)
    if isinstance(case, GrantContract):
        ask_papers(case, kinds.GRANT_CONTRACT, kinds.contract_facts(case))
    else:
        ask_papers(case, kinds.GRANT_SUPPLEMENT, kinds.supplement_facts(case))
    return case


def _open_for(case: Any, by: Actor) -> Any:
    """The case behind its lock, if the applicant may give data to it now. Raises Refused."""
    case = locked_agreement(case)
    allowed = verdict(case, "give", by)
    if not allowed.ok:
        raise Refused(str(allowed.reason), code="give")
    return case


# ------------------------------------------------------------------------------------------------------- signatures


def paper_kind(case: Agreement) -> str:
    """The kind of the paper that is signed."""
    return kinds.GRANT_CONTRACT if isinstance(case, GrantContract) else kinds.GRANT_SUPPLEMENT


def versions(case: Agreement) -> list[Any]:
    """The live papers that are signed together, Kazakh first."""
    return live_papers(case, paper_kind(case))


def sign_by_head(case: Any, *, by: Actor, signatures: Mapping[int, bytes]) -> Any:
    """The director signs first; the paper is sent to the applicant (FKA04-3.3). Raises Refused, SigningRefused.

    A second click finds it signed and changes nothing.
    """
    with transaction.atomic():
        case = locked_agreement(case)
        if case.state == ContractState.SIGNED_BY_HEAD and by.user is not None and case.head_signed_by_id == by.user.pk:
            return case
        allowed = verdict(case, "sign_by_head", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="sign_by_head")
        waiting = versions(case)
        main = sign_papers(waiting, by=by, signatures=signatures)
        for paper in waiting:
            papers.show(paper)
        set_ = {"number": main.shown_number} if isinstance(case, GrantContract) else {}
        return perform(case, "sign_by_head", by=by, set=set_, number=main.shown_number, paper=main.sha256)


def sign(case: Any, *, by: Actor, signatures: Mapping[int, bytes]) -> Any:
    """The applicant signs after the head: the contract, or the supplement, is in force from this day (FKA04-3.4).

    Raises Refused and SigningRefused. A second click finds it in force and changes nothing.
    """
    with transaction.atomic():
        case = locked_agreement(case)
        if case.state == ContractState.IN_FORCE and by.user is not None and case.person_id == by.user.person_id:
            return case
        allowed = verdict(case, "sign", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="sign")
        waiting = versions(case)
        main = sign_papers(waiting, by=by, signatures=signatures)
        day = clock.today(office_of(case).zone)
        case = perform(case, "sign", by=by, set={"in_force_on": day}, number=main.shown_number, paper=main.sha256)
        for paper in waiting:
            papers.issue(paper, day)
        if isinstance(case, GrantContract):
            applications.mark_contracted(case.application, number=case.number)
    return case


# ------------------------------------------------------------------------------------------------------- the end


def extend(contract: GrantContract, *, by: Actor) -> GrantContract:
    """The head gives the whole term of A-36 anew, from today (question 24 of SPEC 7). Raises Refused."""
    with transaction.atomic():
        contract = locked_contract(contract)
        day = clock.today(office_of(contract).zone)
        return perform(contract, "extend", by=by, set={"offered_on": day}, offered_on=day)


def decline(contract: GrantContract, *, by: Actor) -> GrantContract:
    """The applicant refuses the offer; the head decides on its lapse (FKA04-3.4). Twice changes nothing."""
    with transaction.atomic():
        contract = locked_contract(contract)
        if contract.declined_at is not None and by.user is not None and contract.person_id == by.user.person_id:
            return contract
        return perform(contract, "decline", by=by)


def lapse(contract: GrantContract, *, by: Actor, reason: str) -> GrantContract:
    """The head lets the offer lapse: the applicant's term is missed, or he refused (A-36, A-37). Raises Refused.

    The application lapses with it, and the reserved sum is free again: see :func:`close_offer`.
    """
    if not reason.strip():
        raise Refused(_("Write the reasons of the decision; the applicant reads them."))
    with transaction.atomic():
        contract = locked_contract(contract)
        allowed = verdict(contract, "lapse", by)
        if not allowed.ok:
            raise Refused(str(allowed.reason), code="lapse")
        applications.lapse(contract.application, by, reason)
        contract.refresh_from_db()
    return contract


def close_offer(application: GrantApplication, *, by: Actor) -> None:
    """An award lapsed: its contract lapses with it, the paper is void, the money goes back to the budget.

    Raises Refused where the applicant's term still runs, and with that the award does not lapse either.
    """
    contract = GrantContract._base_manager.filter(application=application).first()
    if contract is not None and contract.state in CONTRACT_OFFERED:
        contract = perform(contract, "lapse", by=by, set={"reason": application.closing_reason})
        void_papers(contract, kinds.GRANT_CONTRACT)
        gateways.stop_asking(case_kind=contract.kind, case_id=contract.pk)
    budget.release(application)


def complete(contract: GrantContract) -> GrantContract:
    """All reports are accepted and the whole sum is confirmed (SPEC 4.11). Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        contract = locked_contract(contract)
        if contract.state == ContractState.COMPLETED:
            return contract
        return perform(contract, "complete", by=SYSTEM)


def terminate(contract: GrantContract, *, by: Actor, reason: str) -> GrantContract:
    """The head ends the contract for misuse or by agreement (SPEC 4.11). What is not paid is free again.

    Raises Refused, also while a payment is at the bank.
    """
    if not reason.strip():
        raise Refused(_("Write the reasons of the decision; the grantee reads them."))
    with transaction.atomic():
        contract = locked_contract(contract)
        contract = perform(contract, "terminate", by=by, set={"reason": reason.strip()})
        for supplement in contract.supplements.filter(state__in=CONTRACT_OFFERED).order_by("pk"):
            supplement = perform(supplement, "lapse", by=SYSTEM)
            void_papers(supplement, kinds.GRANT_SUPPLEMENT)
            gateways.stop_asking(case_kind=supplement.kind, case_id=supplement.pk)
        payment = getattr(contract, "payment", None)
        if payment is None or payment.state != PaymentState.EXECUTED:
            budget.release(contract.application)
    return contract
