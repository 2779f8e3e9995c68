"""Enquiries: asked, taken, given, answered, passed on, asked again, closed (118-p17, p23, p33-3; A-29)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from bastau.flow import SYSTEM, Actor, Refused, perform
from bastau.papers import numbers
from bastau.people.models import Office, OfficeKind, Person, Post, User
from bastau.people.roles import Role
from bastau.people.scope import centre_for
from monitoring.models import AccompanimentCase, ConsultationMessage, ConsultationRequest
from monitoring.rights.consultations import ANSWERING
from monitoring.rules import accompaniment as rules
from monitoring.states import (
    BUSINESS_TOPICS,
    AskedBy,
    ConsultationKind,
    ConsultationState,
    MessageKind,
    Redirection,
    Topic,
)
from training.models import Enrolment

#: Bodies that answer questions on training (118-p17); an akim answers on the public page.
ANSWERING_OFFICES = (OfficeKind.CHAMBER, OfficeKind.CENTRE)


def accompanied(person: Person) -> AccompanimentCase | None:
    """The accompaniment whose participant may ask now, before the launch too (118-p33-3); the newest one."""
    for case in AccompanimentCase.objects.accompanied().filter(person=person).select_related("office").order_by("-pk"):
        assert case.office is not None
        # The term ends with its last day, also where the final report is late.
        if case.ends_on is None or clock.today(case.office.zone) <= case.ends_on:
            return case
    return None


def learning(person: Person) -> Enrolment | None:
    """The training in which the person is now and may ask for an individual consultation (118-p23)."""
    enrolments = Enrolment.objects.learning().filter(person=person, group__isnull=False)
    return enrolments.select_related("group", "office").order_by("-pk").first()


def ask(
    *,
    by: Actor,
    key: UUID,
    consultation_kind: str,
    topic: str,
    text: str,
    office: Office | None = None,
    person: Person | None = None,
    asker_name: str = "",
) -> ConsultationRequest:
    """An enquiry is asked in writing by a citizen, or an oral one is registered by the staff.

    `office` is needed for questions on training alone; those on a business go to its chamber. The same `key` sent
    twice gives back the first. Raises Refused.
    """
    assert by.user is not None
    if not text.strip():
        raise Refused(_("Write the question."))
    if by.role == "citizen":
        person = by.user.person
    with transaction.atomic():
        # Who clicks twice waits here for the first click and finds what it made.
        User.objects.select_for_update(of=("self",)).get(pk=by.user.pk)
        found = ConsultationRequest._base_manager.filter(key=key).first()
        if found is not None:
            return found
        request = _request(by, consultation_kind, topic, office, person, asker_name)
        assert request.office is not None
        name = rules.series("consultation", request.office.region_id, clock.today(request.office.zone))
        request.number = f"{name}-{numbers.take(name):06d}"
        request.key = key
        request.save(force_insert=True)
        _say(request, MessageKind.QUESTION, text, by)
        return perform(request, "ask", by=by, number=request.number, kind=consultation_kind, topic=topic)


def _request(
    by: Actor, consultation_kind: str, topic: str, office: Office | None, person: Person | None, asker_name: str
) -> ConsultationRequest:
    case, assignee, turn = None, None, ""
    if consultation_kind == ConsultationKind.ACCOMPANIMENT:
        case = accompanied(person) if person is not None else None
        if case is None:
            raise Refused(_("No business of this person is accompanied now. Call the help line 1414."), code="over")
        if topic not in BUSINESS_TOPICS:
            raise Refused(_("Choose what the question is about."))
        office, assignee = case.office, case.assignee
        turn = Role.PROJECT_CONSULTANT if assignee is not None else Role.COORDINATOR
    elif consultation_kind == ConsultationKind.INDIVIDUAL_TRAINING:
        enrolment = learning(person) if person is not None else None
        if enrolment is None or enrolment.group is None:
            raise Refused(_("Individual consultations are given while the training runs. Ask about training instead."))
        office, topic, assignee = enrolment.office, Topic.TRAINING.value, enrolment.group.trainer
        turn = Role.TRAINER if assignee is not None else Role.COORDINATOR
    else:
        topic = Topic.TRAINING.value
        if office is None or office.kind not in ANSWERING_OFFICES:
            raise Refused(_("Choose whom you ask: the chamber of entrepreneurs or the employment centre."))
        turn = Role.SPECIALIST if office.kind == OfficeKind.CENTRE else Role.COORDINATOR
    now = clock.now()
    oral = by.role != "citizen"
    return ConsultationRequest(
        person=person,
        asker_name="" if person is not None else asker_name.strip(),
        office=office,
        received_by=office,
        accompaniment=case,
        assignee=assignee,
        turn=turn,
        consultation_kind=consultation_kind,
        topic=topic,
        asked_by=AskedBy.ORAL if oral else AskedBy.WRITTEN,
        registered_by=by.user,
        asked_at=now,
        runs_from=now,
        created_at=now,
        ruleset=law.RULESET,
    )


def take(request: ConsultationRequest, *, by: Actor) -> ConsultationRequest:
    """Somebody of the office takes the enquiry. Raises Refused."""
    return perform(request, "take", by=by)


def assign(request: ConsultationRequest, *, by: Actor, to: User) -> ConsultationRequest:
    """Give the enquiry to a colleague of the same office. Raises Refused."""
    assert request.office is not None
    post = _post(to, request.office)
    if post is None:
        raise Refused(_("This person holds no such post in the office now. Choose another."))
    _not_own(request, to)
    return perform(request, "assign", by=by, set={"to": to, "role": post.role}, user=to.pk)


def answer(request: ConsultationRequest, *, by: Actor, text: str) -> ConsultationRequest:
    """The answer, read by the person in the cabinet (118-p33-3). Raises Refused."""
    if not text.strip():
        raise Refused(_("Write the answer."))
    with transaction.atomic():
        request = perform(request, "answer", by=by)
        _say(request, MessageKind.ANSWER, text, by)
    return request


def redirect(
    request: ConsultationRequest, *, by: Actor, passed_to: str, to: User | None = None, text: str
) -> ConsultationRequest:
    """Pass the enquiry on: to a business trainer, or to the employment centre; its term keeps running.

    Raises Refused.
    """
    if not text.strip():
        raise Refused(_("Write why it is passed on; the person reads it too."))
    assert request.office is not None
    office, role = request.office, Role.TRAINER
    if passed_to == Redirection.TRAINER:
        if to is None or _post(to, office, Role.TRAINER) is None:
            raise Refused(_("Choose the business trainer to whom it goes."))
        _not_own(request, to)
    elif passed_to == Redirection.CENTRE:
        to, role, office = None, Role.SPECIALIST, _centre_of(request)
        if office.pk == request.office_id:
            raise Refused(_("The enquiry is in this centre already."))
    else:
        raise Refused(_("Choose to whom it goes."))
    with transaction.atomic():
        facts = {"passed_to": passed_to, "office": office.pk}
        request = perform(request, "redirect", by=by, set={**facts, "office": office, "to": to, "role": role}, **facts)
        _say(request, MessageKind.NOTE, text, by)
    return request


def refer_out(request: ConsultationRequest, *, by: Actor, text: str) -> ConsultationRequest:
    """Tell the person where and how to ask the tax office; that counts as the answer. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write which tax office answers this, and how it is reached."))
    with transaction.atomic():
        request = perform(request, "refer_out", by=by, passed_to=Redirection.TAX_OFFICE)
        _say(request, MessageKind.ANSWER, text, by)
    return request


def reopen(request: ConsultationRequest, *, by: Actor, text: str) -> ConsultationRequest:
    """The answer does not help, the person asks again; the terms run anew. Twice changes nothing. Raises Refused."""
    if not text.strip():
        raise Refused(_("Write what is still unclear."))
    with transaction.atomic():
        request = _locked(request)
        last = request.messages.order_by("-pk").first()
        if request.state == ConsultationState.REOPENED and last is not None and last.text == text.strip():
            return request
        _rests(request)
        request = perform(request, "reopen", by=by)
        _say(request, MessageKind.AGAIN, text, by)
    return request


def confirm(request: ConsultationRequest, *, by: Actor) -> ConsultationRequest:
    """The person confirms that the answer helps. Twice changes nothing. Raises Refused."""
    with transaction.atomic():
        request = _locked(request)
        if request.state == ConsultationState.CLOSED and by.user is not None and by.user.person_id == request.person_id:
            return request
        _rests(request)
        return perform(request, "confirm", by=by)


def close(request: ConsultationRequest) -> ConsultationRequest:
    """Nothing more was asked in time (SPEC 4.15). Raises Refused."""
    with transaction.atomic():
        _rests(_locked(request))
        return perform(request, "close", by=SYSTEM)


def may_be_settled(request: ConsultationRequest) -> bool:
    """Whether the person has an answer that may be confirmed or asked about again."""
    return request.state == ConsultationState.ANSWERED or request.passed_to == Redirection.TAX_OFFICE


def _rests(request: ConsultationRequest) -> None:
    if request.state == ConsultationState.REDIRECTED and not may_be_settled(request):
        raise Refused(_("The enquiry has been passed on and is not answered yet."))


def _centre_of(request: ConsultationRequest) -> Office:
    case = request.accompaniment
    if case is not None and case.centre is not None:
        return case.centre
    found = centre_for(request.person.residence) if request.person is not None else None
    if found is None:
        assert request.office is not None
        found = Office.objects.filter(kind=OfficeKind.CENTRE, region=request.office.region_id).order_by("code").first()
    if found is None:
        raise Refused(_("No employment centre of this region is known. Answer the enquiry here."))
    return found


def _post(user: User, office: Office, *roles: str) -> Post | None:
    posts = Post.objects.in_force().filter(user=user, office=office, role__in=roles or ANSWERING, user__is_active=True)
    return posts.order_by("pk").first()


def _not_own(request: ConsultationRequest, user: User) -> None:
    if request.person_id is not None and user.person_id == request.person_id:
        raise Refused(_("Nobody answers an enquiry of their own. Choose another."))


def _say(request: ConsultationRequest, kind: MessageKind, text: str, by: Actor) -> None:
    assert by.user is not None
    ConsultationMessage.objects.create(
        request=request, message_kind=kind, text=text.strip(), by=by.user, at=clock.now()
    )


def _locked(request: ConsultationRequest) -> ConsultationRequest:
    return ConsultationRequest._base_manager.select_for_update(of=("self",)).select_related("office").get(pk=request.pk)
