"""The announcement of a start in Kazakh and Russian (118-p15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from bastau.flow import Actor
from bastau.flow.models import OfficeCase
from training.conditions import announcements as conditions
from training.models.groups import TrainingGroup
from training.states import AnnouncementState


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self) -> AnnouncementQuerySet:
        """Those that stand on the site."""
        return self.filter(state=AnnouncementState.PUBLISHED)

    def visible_to(self, user: Any) -> AnnouncementQuerySet:
        """Who sees the group sees its announcements; what is published is everybody's."""
        groups = TrainingGroup.objects.visible_to(user).values("pk")
        return self.filter(Q(state=AnnouncementState.PUBLISHED) | Q(group__in=groups))


class Announcement(OfficeCase):
    """The words of one announcement. `first_on` is the day the start was first announced with fifteen days to go."""

    kind = "announcement"
    stage = "training"

    state = FSMField(max_length=20, choices=AnnouncementState.choices, default=AnnouncementState.DRAFT, protected=True)
    group = models.ForeignKey(TrainingGroup, on_delete=models.PROTECT, related_name="announcements")
    text_kk = models.TextField(blank=True, max_length=2000)
    text_ru = models.TextField(blank=True, max_length=2000)
    start_on = models.DateField()
    first_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(state=AnnouncementState.PUBLISHED), name="announcement_one_published"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(state=AnnouncementState.DRAFT), name="announcement_one_draft"
            ),
            models.CheckConstraint(
                condition=~Q(state=AnnouncementState.PUBLISHED)
                | ~Q(text_kk="") & ~Q(text_ru="") & Q(published_at__isnull=False),
                name="announcement_in_both_languages",
            ),
        ]

    @transition(field=state, source=AnnouncementState.DRAFT, target=AnnouncementState.DRAFT)
    def draw(self, *, at: datetime, by: Actor) -> None:
        """Drafted from the approved schedule."""

    @transition(
        field=state,
        source=AnnouncementState.DRAFT,
        target=AnnouncementState.PUBLISHED,
        conditions=[conditions.in_both_languages],
    )
    def publish(self, *, at: datetime, by: Actor, first_on: date) -> None:
        """On the site in both languages (118-p15)."""
        self.published_at, self.published_by, self.first_on = at, by.user, first_on

    @transition(
        field=state,
        source=[AnnouncementState.DRAFT, AnnouncementState.PUBLISHED],
        target=AnnouncementState.SUPERSEDED,
    )
    def supersede(self, *, at: datetime, by: Actor) -> None:
        """Another one took its place, or the group will not start."""
