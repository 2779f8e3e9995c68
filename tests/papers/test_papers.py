"""Asking, numbering, rendering, voiding, issuing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from bastau import clock, papers
from bastau.papers import actions, numbers, signals, tasks
from bastau.papers.authority import demo_sign
from bastau.papers.kinds import PaperKind, register
from bastau.papers.models import Paper, PaperState, Series
from bastau.people.models import User

pytestmark = pytest.mark.django_db

Made = Callable[..., Paper]


def signed(paper: Paper, director: User) -> Paper:
    post = director.posts.get()
    papers.sign(paper, demo_sign(director, paper.content(), post), by=director, post=post)
    paper.refresh_from_db()
    return paper


# ------------------------------------------------------------------------------------------------ asking


@pytest.mark.django_db(transaction=True)
def test_a_paper_is_asked_for_inside_a_transaction_only(asked: Made, office: Any, citizen: User) -> None:
    with pytest.raises(papers.NotInTransaction):
        papers.ask("referral_a5", case=("referral", 1), language="kk", facts={}, office=office, person=citizen.person)
    assert not Paper.objects.exists()


def test_asking_queues_the_rendering_after_the_commit(
    asked: Made, sent_tasks: list, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        paper = asked()
        assert sent_tasks == []
    assert sent_tasks == [("bastau.papers.tasks.render", (paper.pk,), {})]


def test_a_second_live_paper_of_the_same_kind_and_case_is_refused(asked: Made) -> None:
    asked()
    with pytest.raises(papers.LivePaperExists):
        asked()
    assert Paper.objects.count() == 1


def test_another_language_case_or_kind_is_another_paper(asked: Made) -> None:
    asked()
    asked(language="ru")
    asked(case=2)
    asked("application_a1")
    assert Paper.objects.count() == 4


def test_after_voiding_a_new_paper_may_be_asked_for(ready: Made) -> None:
    first = ready()
    papers.void(first)
    assert ready().number != first.number


def test_a_language_without_a_form_is_refused(asked: Made) -> None:
    with pytest.raises(ValueError, match="en"):
        asked(language="en")


def test_a_kind_cannot_be_registered_twice_with_another_meaning() -> None:
    with pytest.raises(ValueError, match="referral_a5"):
        register(PaperKind("referral_a5", "Other", "papers/other"))


# ------------------------------------------------------------------------------------------------ numbers


def test_a_referrals_number_has_region_year_and_six_digits(frozen: Any, ready: Made) -> None:
    assert ready().number == "ЖЛ-35-2026-000001"


def test_the_year_of_a_number_is_the_local_one(ready: Made) -> None:
    with clock.at(datetime(2026, 12, 31, 20, 0, tzinfo=UTC)):  # 1 January in Almaty
        assert ready().number == "ЖЛ-35-2027-000001"


def test_each_kind_counts_by_itself(frozen: Any, ready: Made) -> None:
    ready()
    assert ready("service_refusal").number == "БТ-35-2026-000001"


def test_no_number_is_taken_before_rendering(asked: Made) -> None:
    assert asked().number == ""
    assert not Series.objects.exists()


def test_a_voided_paper_keeps_its_number_in_the_register(frozen: Any, ready: Made) -> None:
    first = ready()
    papers.void(first)
    second = ready()
    numbers_kept = list(Paper.objects.order_by("number").values_list("number", "state"))
    assert numbers_kept == [(first.number, PaperState.VOID), ("ЖЛ-35-2026-000002", PaperState.READY)]
    assert second.number == "ЖЛ-35-2026-000002"


def test_a_paper_without_a_series_shows_the_number_of_its_case(ready: Made) -> None:
    paper = ready("acceptance_receipt")
    assert (paper.number, paper.shown_number) == ("", "БО-35-2026-000017")


def test_a_translation_carries_the_number_of_its_original(frozen: Any, asked: Made) -> None:
    original = asked()
    russian = papers.render(asked(language="ru", translation_of=original).pk)
    assert russian.number == "ЖЛ-35-2026-000001"
    assert papers.render(original.pk).number == "ЖЛ-35-2026-000001"
    assert Series.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(numbers.NotInTransaction):
        numbers.take("ЖЛ-35-2026")


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_number() -> None:
    start = threading.Barrier(2)

    def take_many() -> list[int]:
        start.wait(10)
        try:
            taken = []
            for _ in range(25):
                with transaction.atomic():
                    taken.append(numbers.take("ЖЛ-35-2026"))
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(take_many) for _ in range(2)]
        taken = sorted(number for one in both for number in one.result(30))
    assert taken == list(range(1, 51))


@pytest.mark.engine
@pytest.mark.django_db(transaction=True)
def test_two_workers_render_one_paper_once(
    asked: Made, monkeypatch: pytest.MonkeyPatch, kept_files: Path, frozen: Any
) -> None:
    paper = asked()
    printed = []
    start = threading.Barrier(2)

    def slow(paper: Paper) -> bytes:
        printed.append(paper.pk)
        return b"%PDF-1.7 of a test"

    monkeypatch.setattr(actions, "_print", slow)

    def work() -> str:
        start.wait(10)
        try:
            with clock.at(frozen):
                return papers.render(paper.pk).number
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = [one.result(30) for one in [pool.submit(work), pool.submit(work)]]
    assert printed == [paper.pk]
    assert results == ["ЖЛ-35-2026-000001"] * 2
    assert len(list(kept_files.glob("papers/*.pdf"))) == 1


# ------------------------------------------------------------------------------------------------ rendering


def test_rendering_keeps_bytes_and_their_hash(ready: Made) -> None:
    paper = ready()
    assert paper.state == PaperState.READY
    assert hashlib.sha256(paper.content()).hexdigest() == paper.sha256
    assert paper.rendered_at is not None


def test_rendering_twice_changes_nothing(ready: Made) -> None:
    paper = ready()
    again = papers.render(paper.pk)
    assert (again.number, again.sha256, again.file.name) == (paper.number, paper.sha256, paper.file.name)
    assert Series.objects.get().last == 1


def test_a_signed_paper_is_never_rendered_again(frozen: Any, ready: Made, director: User) -> None:
    paper = signed(ready(), director)
    before = (paper.file.name, paper.sha256)
    after = papers.render(paper.pk)
    assert (after.file.name, after.sha256, after.state) == (*before, PaperState.SIGNED)


def test_rendering_tells_so_once(asked: Made) -> None:
    told = []

    def hear(sender: Any, paper: Paper, **_: Any) -> None:
        told.append((paper.pk, paper.state))

    signals.rendered.connect(hear)
    try:
        paper = asked()
        papers.render(paper.pk)
        papers.render(paper.pk)
    finally:
        signals.rendered.disconnect(hear)
    assert told == [(paper.pk, PaperState.READY)]


def test_an_attempt_cut_short_leaves_no_file_and_keeps_the_number(frozen: Any, asked: Made, kept_files: Path) -> None:
    paper = asked()

    def fail(sender: Any, **_: Any) -> None:
        raise RuntimeError("cut")

    signals.rendered.connect(fail)
    try:
        with pytest.raises(RuntimeError, match="cut"):
            papers.render(paper.pk)
    finally:
        signals.rendered.disconnect(fail)
    paper.refresh_from_db()
    assert (paper.state, paper.number, paper.attempts) == (PaperState.ASKED, "ЖЛ-35-2026-000001", 1)
    assert not list(kept_files.glob("papers/*.pdf"))
    assert papers.render(paper.pk).number == "ЖЛ-35-2026-000001"


def test_a_voided_paper_is_not_rendered(asked: Made) -> None:
    paper = papers.void(asked())
    assert papers.render(paper.pk).state == PaperState.VOID
    assert not Series.objects.exists()


def test_what_no_worker_took_up_is_queued_again(frozen: Any, asked: Made, sent_tasks: list) -> None:
    paper = asked()
    assert tasks.render_due() == 0
    with clock.at(frozen + timedelta(seconds=11)):
        assert tasks.render_due() == 1
        assert tasks.render_due() == 0
    assert sent_tasks == [("bastau.papers.tasks.render", (paper.pk,), {})]


def test_the_pause_after_each_failure_grows_to_a_quarter_of_an_hour(
    frozen: Any, asked: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(paper: Paper) -> bytes:
        raise OSError("no room")

    monkeypatch.setattr(actions, "_print", broken)
    paper = asked()
    pauses = []
    for _ in range(9):
        with pytest.raises(OSError, match="no room"):
            papers.render(paper.pk)
        paper.refresh_from_db()
        pauses.append((paper.next_at - frozen).total_seconds())
    assert pauses == [20, 40, 80, 160, 320, 640, 900, 900, 900]


def test_rendered_papers_are_not_queued_again(frozen: Any, ready: Made, sent_tasks: list) -> None:
    ready()
    with clock.at(frozen + timedelta(days=1)):
        assert tasks.render_due() == 0
    assert sent_tasks == []


def test_the_task_renders(asked: Made) -> None:
    paper = asked()
    tasks.render(paper.pk)
    paper.refresh_from_db()
    assert paper.state == PaperState.READY


# ------------------------------------------------------------------------------------------------ void, issue


def test_voiding_takes_the_translations_along(asked: Made) -> None:
    original = asked()
    russian = asked(language="ru", translation_of=original)
    papers.void(original)
    russian.refresh_from_db()
    assert russian.state == PaperState.VOID


def test_voiding_twice_keeps_the_first_moment(frozen: Any, ready: Made) -> None:
    paper = papers.void(ready())
    with clock.at(frozen + timedelta(hours=1)):
        assert papers.void(paper).voided_at == frozen


def test_a_paper_that_waits_for_its_signature_cannot_be_issued(ready: Made) -> None:
    with pytest.raises(papers.PaperError):
        papers.issue(ready(), date(2026, 6, 8))


def test_a_signed_paper_is_issued_and_shown(frozen: Any, ready: Made, director: User, citizen: User) -> None:
    paper = signed(ready(), director)
    assert not Paper.objects.visible_to(citizen).exists()
    issued = papers.issue(paper, date(2026, 6, 9))
    assert (issued.state, issued.issued_on) == (PaperState.ISSUED, date(2026, 6, 9))
    assert Paper.objects.visible_to(citizen).get() == paper


def test_issuing_twice_changes_nothing(frozen: Any, ready: Made, director: User) -> None:
    paper = papers.issue(signed(ready(), director), date(2026, 6, 9))
    assert papers.issue(paper, date(2026, 6, 9)).issued_on == date(2026, 6, 9)
    with pytest.raises(papers.PaperError):
        papers.issue(paper, date(2026, 6, 10))


def test_an_issued_paper_cannot_be_voided(frozen: Any, ready: Made, director: User) -> None:
    paper = papers.issue(signed(ready(), director), date(2026, 6, 9))
    with pytest.raises(papers.PaperError):
        papers.void(paper)


def test_a_paper_nobody_signs_is_issued_when_printed(ready: Made) -> None:
    assert papers.issue(ready("acceptance_receipt"), date(2026, 6, 8)).state == PaperState.ISSUED


def test_web_processes_do_not_load_weasyprint() -> None:
    script = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'bastau.settings'; django.setup();"
        "import bastau.urls; from django.urls import reverse; reverse('verify'); print('weasyprint' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"},
    )
    assert found.stdout.strip() == "False"
