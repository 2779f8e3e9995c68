"""Rooms of a chamber and the class days of a group; the database refuses what would be booked twice (118-p20)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language

from bastau.people.models import Office, User
from bastau.people.roles import Role
from bastau.people.scope import offices_of


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, user: Any) -> RoomQuerySet:
        """The rooms of the own chamber."""
        if not getattr(user, "is_authenticated", False) or user.is_citizen:
            return self.none()
        return self.filter(office__in=offices_of(user, [Role.COORDINATOR, Role.PROJECT_CONSULTANT]))


class Room(models.Model):
    """A room for practical training (118-p20)."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=100)
    address_kk = models.CharField(max_length=300)
    address_ru = models.CharField(max_length=300)
    seats = models.PositiveSmallIntegerField()
    is_open = models.BooleanField(default=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["office", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.address()}"

    def address(self, language: str | None = None) -> str:
        """The address in `language`, by default the reader's."""
        return self.address_ru if (language or get_language() or "kk")[:2] == "ru" else self.address_kk


def _one(field: str) -> Func:
    """A foreign key as a range of one number: such ranges exclude each other without an extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def _hours() -> Func:
    """From the first to the last minute of a class day, local time of its chamber."""
    # The arguments stand in the order in which a migration writes them, or it would see a change each time.
    begins = Func(F("day"), F("starts_at"), arg_joiner=" + ", template="(%(expressions)s)")
    ends = Func(F("day"), F("ends_at"), arg_joiner=" + ", template="(%(expressions)s)")
    return Func(begins, ends, function="tsrange")


class ClassDay(models.Model):
    """One class day: its academic hours and the module it ends with.

    `trainer` and `room` follow the group; `booked` is off where the group will not meet, so that both are free again.
    """

    group = models.ForeignKey("training.TrainingGroup", on_delete=models.PROTECT, related_name="class_days")
    day = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    hours = models.PositiveSmallIntegerField()
    module_code = models.CharField(max_length=20)
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    booked = models.BooleanField(default=True)

    class Meta:
        ordering = ["group", "day"]
        constraints = [
            models.UniqueConstraint(fields=["group", "day"], name="class_day_once"),
            models.CheckConstraint(condition=Q(hours__gte=1), name="class_day_has_hours"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="class_day_ends_after_start"),
            ExclusionConstraint(
                name="class_day_trainer_free",
                index_type="GIST",
                expressions=[(_one("trainer"), "&&"), (_hours(), "&&")],
                condition=Q(booked=True, trainer__isnull=False),
            ),
            ExclusionConstraint(
                name="class_day_room_free",
                index_type="GIST",
                expressions=[(_one("room"), "&&"), (_hours(), "&&")],
                condition=Q(booked=True, room__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.hours}"
