"""Faults around an application: workers killed in mid-task, registers that fail, no broker, two people at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from celery.app.task import Task
from django.conf import settings as configured
from django.db import connection
from django.utils.translation import override
from kombu.exceptions import OperationalError

from bastau import clock, papers
from bastau.flow import Actor, Refused
from bastau.flow import sweep as sweeping
from bastau.flow.models import Deadline, Step
from bastau.flow.sweep import sweep
from bastau.gateways import outbox
from bastau.gateways import tasks as gateway_tasks
from bastau.gateways.models import Enquiry
from bastau.gateways.simulators.people import make_iin, synthetic
from bastau.gateways.simulators.server import Simulators
from bastau.notices import delivery
from bastau.notices import tasks as notice_tasks
from bastau.notices.models import Channel as Way
from bastau.notices.models import Delivery, Notice
from bastau.papers import actions as printer
from bastau.papers import tasks as paper_tasks
from bastau.papers.models import Paper, PaperState, Series, Signature
from bastau.people.models import Person
from bastau.people.roles import Role
from referrals import actions, signals, sweeps
from referrals.models import ReferralApplication
from referrals.states import Channel, CheckResult, State
from tests.conftest import MONDAY
from tests.factories import PersonFactory, PostFactory, StaffFactory
from tests.gateways import serving
from tests.referrals import cases

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _plain_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is tested elsewhere; here a paper only has bytes of its own."""
    monkeypatch.setattr(printer, "_print", lambda paper: f"%PDF-1.7 {paper.code}".encode())


@pytest.fixture
def centre() -> cases.Centre:
    return cases.Centre.open()


@pytest.fixture(scope="module")
def _server() -> Iterator[Simulators]:
    with serving.running({}) as server:
        yield server


@pytest.fixture
def simulators(_server: Simulators, settings: Any) -> Simulators:
    return serving.pointed_at(_server, settings)


@pytest.fixture
def broken(simulators: Simulators) -> Callable[..., None]:
    return partial(serving.broken, simulators)


def fresh(case: ReferralApplication) -> ReferralApplication:
    return ReferralApplication._base_manager.get(pk=case.pk)


def steps(case: ReferralApplication, event: str) -> int:
    return Step.objects.filter(case_id=case.pk, event=event).count()


def person_of_the_register(number: int = 7) -> Person:
    """Somebody whom the simulators know, under the same name."""
    iin = make_iin(number)
    known = synthetic(iin)
    assert known is not None
    return PersonFactory(iin=iin, **{name: known[name] for name in ("surname", "given_name", "patronymic", "sex")})


def asked(centre: cases.Centre) -> ReferralApplication:
    """In check; both registers are asked about somebody they know, and no other question waits."""
    case = cases.in_check(centre, person=person_of_the_register())
    Enquiry.objects.exclude(key__contains=":check:").update(given_up_at=clock.now())
    return case


def line(case: ReferralApplication, subject: str) -> str:
    return case.checks.get(subject=subject).result


# ------------------------------------------------------------------------------------------------- killed in mid-task


class Killed(BaseException):
    """The worker's process ends here."""


def die(*_: Any) -> None:
    raise Killed


def test_a_paper_whose_worker_was_killed_is_printed_once_with_its_number(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch, sent_tasks: list
) -> None:
    case = actions.propose_issue(cases.checked(centre), by=centre.specialist)
    (paper,) = actions.decision_papers(case)
    with monkeypatch.context() as dying:
        dying.setattr(printer, "_print", die)
        with pytest.raises(Killed):
            paper_tasks.render(paper.pk)
    sent_tasks.clear()
    with clock.at(MONDAY + LATER):
        paper_tasks.render_due()
        paper_tasks.render_due()
        assert sent_tasks.count(("bastau.papers.tasks.render", (paper.pk,), {})) == 1
        paper_tasks.render(paper.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.number) == (PaperState.READY, "ЖЛ-35-2026-000001")
    assert Series.objects.get(name="ЖЛ-35-2026").last == 1


def test_a_question_whose_worker_was_killed_is_answered_into_the_protocol(
    centre: cases.Centre, simulators: Simulators
) -> None:
    case = asked(centre)
    assert outbox._claim(outbox.Q(system="labour_market")) is not None  # and here the worker dies
    gateway_tasks.send_due()
    assert line(case, "target_group") == CheckResult.WAITING
    with clock.at(MONDAY + LATER):
        gateway_tasks.send_due()
        gateway_tasks.send_due()
    assert line(case, "target_group") != CheckResult.WAITING
    assert serving.log(simulators)["asked"]["labour_market"] == 1


def test_a_notice_whose_worker_was_killed_after_sending_reaches_the_phone_once(
    centre: cases.Centre, simulators: Simulators
) -> None:
    cases.accepted(centre, phone="+77010000001")
    claimed = delivery._claim([Way.SMS])
    assert claimed is not None
    delivery._send_sms(claimed)  # it has left, and here the worker dies
    with clock.at(MONDAY + LATER):
        notice_tasks.deliver_due()
        notice_tasks.deliver_due()
    assert Delivery.objects.get(pk=claimed.pk).sent_at is not None
    assert [message["to"] for message in serving.log(simulators)["sms"]] == ["+77010000001"]


def test_a_sweep_cut_in_the_middle_marks_each_breach_once(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases.in_check(centre)
    with clock.at(MONDAY + timedelta(days=2, hours=9)):
        with monkeypatch.context() as dying:
            dying.setattr(sweeping.notices, "tell_many", die)
            with pytest.raises(Killed):
                sweep()
        assert Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK").breached_at is None
        sweep()
        sweep()
        sweep()
    assert steps(case, "deadline_breached") == 1
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=centre.specialist.user).count() == 1


# ------------------------------------------------------------------------------------------------ registers that fail


@pytest.mark.parametrize("mode", ["slow", "down", "nonsense", "empty", "wrong_person"])
def test_a_register_that_fails_answers_no_line_until_it_is_mended(
    centre: cases.Centre, broken: Callable[..., None], mode: str
) -> None:
    case = asked(centre)
    broken("labour_market", mode, times=1)
    gateway_tasks.send_due()
    assert line(case, "target_group") == CheckResult.WAITING
    with clock.at(MONDAY + LATER):
        gateway_tasks.send_due()
    assert line(case, "target_group") != CheckResult.WAITING


def test_while_a_register_is_down_the_person_is_told_what_to_do(
    centre: cases.Centre, broken: Callable[..., None]
) -> None:
    case = asked(centre)
    broken("labour_market", "down")
    gateway_tasks.send_due()
    with override("en"), pytest.raises(Refused) as refused:
        actions.finish_check(case, by=centre.specialist)
    with override("en"):
        assert refused.value.messages == [
            "A line of the protocol has no answer yet. Ask the register again, or mark it by hand with a reason."
        ]


@pytest.mark.clause("118-p09-1")
def test_with_a_register_down_the_check_is_finished_by_hand_within_its_term(
    centre: cases.Centre, broken: Callable[..., None]
) -> None:
    case = asked(centre)
    due = Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK").due_at
    broken("person_registry", "down")
    broken("labour_market", "slow")
    gateway_tasks.send_due()
    for subject in ("identity", "residence", "target_group", "documents"):
        actions.mark_by_hand(
            case, by=centre.specialist, subject=subject, result="yes", reason="Жүйе жауап бермеді, құжат қаралды."
        )
    with clock.at(due - timedelta(minutes=1)):
        actions.finish_check(case, by=centre.specialist)
    term = Deadline.objects.get(case_id=case.pk, name="T-REF-CHECK")
    assert (term.due_at, term.breached_at) == (due, None)
    assert all(case.checks.values_list("reason", flat=True))


def test_a_draft_is_routed_when_the_silent_register_answers(centre: cases.Centre, broken: Callable[..., None]) -> None:
    person = person_of_the_register()
    by = cases.citizen(ReferralApplication(person=person))
    case = actions.consent(actions.start(by=by, person=person, channel=Channel.PORTAL), by=by)
    broken("person_registry", "slow", times=1)
    gateway_tasks.send_due()
    assert fresh(case).residence == ""
    with clock.at(MONDAY + LATER):
        gateway_tasks.send_due()
    known = synthetic(person.iin)
    assert known is not None
    assert fresh(case).residence == known["residence"]


# -------------------------------------------------------------------------------------------------------- no broker


def away(self: Task, *args: Any, **options: Any) -> None:
    raise OperationalError("no broker")


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_acceptance_stands_and_its_work_is_found_later(
    centre: cases.Centre, monkeypatch: pytest.MonkeyPatch, sent_tasks: list, simulators: Simulators
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(Task, "apply_async", away)
        case = actions.take(cases.accepted(centre, person=person_of_the_register()), by=centre.specialist)
    assert fresh(case).state == State.IN_CHECK
    assert sent_tasks == []
    with clock.at(MONDAY + LATER):
        paper_tasks.render_due()
        gateway_tasks.send_due()
    receipt = Paper.objects.get(case_id=case.pk, kind="acceptance_receipt")
    assert ("bastau.papers.tasks.render", (receipt.pk,), {}) in sent_tasks
    assert CheckResult.WAITING not in {line(case, "identity"), line(case, "target_group")}


ACCEPT = """
import django

django.setup()
from datetime import datetime

from bastau import clock
from bastau.flow import Actor
from bastau.people.models import Post
from referrals import actions
from referrals.models import ReferralApplication

with clock.at(datetime.fromisoformat("{now}")):
    post = Post.objects.select_related("user", "office").get(pk={post})
    case = ReferralApplication.objects.get(pk={case})
    print(actions.accept(case, by=Actor(post.user, post), originals_returned=True).number)
"""


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_process_that_finds_no_redis_at_all_accepts_all_the_same(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    database = connection.settings_dict
    assert centre.specialist.post is not None
    found = subprocess.run(
        [sys.executable, "-c", ACCEPT.format(now=MONDAY.isoformat(), post=centre.specialist.post.pk, case=case.pk)],
        cwd=configured.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bastau.settings",
            "DATABASE_URL": _url(database),
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
    )
    assert found.stdout.strip() == "БО-35-2026-000001", found.stderr
    assert fresh(case).state == State.ACCEPTED
    assert Paper.objects.get(case_id=case.pk, kind="acceptance_receipt").state == PaperState.ASKED


def _url(database: dict[str, Any]) -> str:
    place = f"{database['HOST']}:{database['PORT'] or 5432}"
    options = ""
    if str(database["HOST"]).startswith("/"):
        place, options = "", f"?host={quote(database['HOST'], safe='')}&port={database['PORT'] or 5432}"
    return f"postgres://{database['USER']}:{quote(database['PASSWORD'] or '')}@{place}/{database['NAME']}{options}"


# ------------------------------------------------------------------------------------------------ a receiver that fails


def test_a_receiver_that_fails_takes_the_whole_decision_back(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    signatures = cases.signatures(case, centre.director)

    def fail(**_: Any) -> None:
        raise LookupError("a receiver failed")

    signals.referral_issued.connect(fail)
    try:
        with pytest.raises(LookupError):
            actions.decide(case, by=centre.director, signatures=signatures)
    finally:
        signals.referral_issued.disconnect(fail)
    (paper,) = actions.decision_papers(case)
    assert (fresh(case).state, paper.state, paper.signatures.count()) == (State.AWAITING_SIGNATURE, PaperState.READY, 0)
    assert not Notice.objects.filter(code="N-REF-ISSUED").exists()
    assert actions.decide(case, by=centre.director, signatures=signatures).state == State.ISSUED


# ---------------------------------------------------------------------------------------------------------- two at once


def together(*works: Callable[[], Any]) -> list[Any]:
    """What each of `works` gives back or raises, all begun at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            with clock.at(MONDAY):
                return work()
        except (Refused, actions.OpenApplicationExists, papers.SigningRefused) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result(60) for one in [pool.submit(run, work) for work in works]]


def refusals(results: list[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_directors_one_signs_and_the_other_is_told(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    user = StaffFactory()
    second = Actor(user, PostFactory(user=user, office=centre.office, role=Role.DIRECTOR))
    ready = {by: cases.signatures(case, by) for by in (centre.director, second)}
    results = together(*(partial(actions.decide, case, by=by, signatures=cms) for by, cms in ready.items()))
    (refused,) = refusals(results)
    assert isinstance(refused, Refused)
    with override("en"):
        assert refused.messages == ["This case is decided already."]
    (paper,) = actions.decision_papers(case)
    assert (paper.number, paper.signatures.count()) == ("ЖЛ-35-2026-000001", 1)
    assert (steps(case, "issue"), Notice.objects.filter(code="N-REF-ISSUED").count()) == (1, 1)
    assert fresh(case).decided_by == paper.signatures.get().user


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_clerks_accept_one_draft_under_one_number(centre: cases.Centre) -> None:
    case = cases.draft(centre)
    results = together(
        *(partial(actions.accept, case, by=by, originals_returned=True) for by in (centre.specialist, centre.colleague))
    )
    assert {result.number for result in results} == {"БО-35-2026-000001"}
    assert (steps(case, "accept"), Series.objects.get(name="БО-35-2026").last) == (1, 1)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_clicks_send_one_application_under_one_number(centre: cases.Centre) -> None:
    case = cases.draft(centre, channel=Channel.PORTAL)
    by = cases.citizen(case)
    paper = papers.render(actions.prepare_application(case, by=by).pk)
    cms = cases.signed(paper, by)
    results = together(*(partial(actions.submit, case, by=by, cms=cms, paper=paper) for _ in range(2)))
    assert {result.number for result in results} == {"БО-35-2026-000001"}
    assert (steps(case, "submit"), Signature.objects.filter(paper=paper).count()) == (1, 1)
    assert Series.objects.get(name="БО-35-2026").last == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_clicks_open_one_draft(centre: cases.Centre) -> None:
    person = PersonFactory()
    by = cases.citizen(ReferralApplication(person=person))
    results = together(*(partial(actions.start, by=by, person=person, channel=Channel.PORTAL) for _ in range(4)))
    assert refusals(results) == []
    assert len({result.pk for result in results}) == 1


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_of_two_specialists_one_takes_the_case(centre: cases.Centre) -> None:
    case = cases.accepted(centre)
    results = together(*(partial(actions.take, case, by=by) for by in (centre.specialist, centre.colleague)))
    assert len(refusals(results)) == 1
    assert (steps(case, "take"), case.checks.count()) == (1, 4)


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_signature_at_once_leave_one_of_the_two(centre: cases.Centre) -> None:
    case = cases.awaiting(centre)
    citizen, signatures = cases.citizen(case), cases.signatures(case, centre.director)
    results = together(
        partial(actions.withdraw, case, by=citizen),
        partial(actions.decide, case, by=centre.director, signatures=signatures),
    )
    assert len(refusals(results)) == 1
    paper = Paper.objects.get(case_id=case.pk, kind="referral_a5")
    assert (fresh(case).state, paper.state, paper.signatures.count()) in {
        (State.WITHDRAWN, PaperState.VOID, 0),
        (State.ISSUED, PaperState.ISSUED, 1),
    }
    assert not Deadline.objects.open().filter(case_id=case.pk).exists()


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_give_each_case_out_once(centre: cases.Centre) -> None:
    made = [cases.accepted(centre) for _ in range(4)]

    def give_out() -> int:
        with clock.at(MONDAY + timedelta(days=1, hours=9)):
            return sweeps.give_out_untaken()

    assert sum(together(give_out, give_out)) == 4
    assert [steps(case, "take") for case in made] == [1, 1, 1, 1]


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_record_each_breach_once(centre: cases.Centre) -> None:
    made = [cases.in_check(centre) for _ in range(3)]

    def late() -> dict[str, int]:
        with clock.at(MONDAY + timedelta(days=2, hours=9)):
            return sweep()

    assert sum(done["breach"] for done in together(late, late)) == 3
    assert [steps(case, "deadline_breached") for case in made] == [1, 1, 1]
    assert Notice.objects.filter(code="N-DEADLINE-BREACHED", user=centre.specialist.user).count() == 3
