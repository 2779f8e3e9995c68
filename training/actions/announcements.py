"""The announcement of a start: drafted with the approved schedule, published in both languages, superseded (p15)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock, law
from bastau.flow import Actor, Refused, perform
from bastau.papers import numbers
from training.actions import office_papers
from training.models import Announcement, TrainingGroup
from training.papers import groups as kinds
from training.states import AnnouncementState


def draft(group: TrainingGroup, *, by: Actor) -> Announcement:
    """Draft the announcement of an approved schedule in the words of SPEC 2.8."""
    assert group.office is not None
    series = f"ХБ-{group.office.region_id}-{clock.today(group.office.zone).year}"
    drafted = Announcement._base_manager.create(
        office=group.office,
        group=group,
        number=f"{series}-{numbers.take(series):06d}",
        text_kk=kinds.announcement_text(group, "kk"),
        text_ru=kinds.announcement_text(group, "ru"),
        start_on=group.start_on,
        ruleset=law.RULESET,
        created_at=clock.now(),
    )
    return perform(drafted, "draw", by=by, group=group.pk)


def current(group: TrainingGroup, state: str = AnnouncementState.DRAFT) -> Announcement | None:
    """The announcement of a group that is a draft, or that is published."""
    return group.announcements.filter(state=state).order_by("-pk").first()


def publish(group: TrainingGroup, *, by: Actor, text_kk: str, text_ru: str) -> Announcement:
    """Publish the draft with its final words; the one before is superseded. Raises Refused."""
    assert group.office is not None
    if not text_kk.strip() or not text_ru.strip():
        raise Refused(_("The announcement needs its text in Kazakh and in Russian. Fill in the one that is missing."))
    with transaction.atomic():
        drafted = current(group)
        if drafted is None:
            raise Refused(_("There is no draft of the announcement. Approve the schedule first."))
        Announcement._base_manager.filter(pk=drafted.pk).update(text_kk=text_kk.strip(), text_ru=text_ru.strip())
        former = current(group, AnnouncementState.PUBLISHED)
        first_on = clock.today(group.office.zone)
        if former is not None:
            # A start moved later keeps the day on which it was first announced (118-p15).
            if former.first_on is not None and former.start_on <= group.start_on:
                first_on = former.first_on
            perform(former, "supersede", by=by, replaced_by=drafted.pk)
        published = perform(drafted, "publish", by=by, set={"first_on": first_on}, group=group.pk)
        office_papers.ask(published, kinds.ANNOUNCEMENT, kinds.announcement_facts(published))
        return published


def withdraw(group: TrainingGroup, *, by: Actor) -> None:
    """Whatever is drafted or published of a group that will not start is superseded."""
    live = group.announcements.exclude(state=AnnouncementState.SUPERSEDED).order_by("pk")
    for one in live:
        perform(one, "supersede", by=by, group=group.pk)
