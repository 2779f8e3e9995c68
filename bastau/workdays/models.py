"""The table of day exceptions. It only grows: an entry is never changed or removed, the newest of a day wins."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.workdays.days import CalendarKind, DayRule
from bastau.workdays.words import Words


class NeverOverwritten(TypeError):
    """An entry of the calendar's history was to be changed or removed."""


class ExceptionKind(models.TextChoices):
    OFF = "off", pgettext_lazy("a day of the calendar", "day off")
    WORKING = "working", pgettext_lazy("a day of the calendar", "working day")


class DayException(models.Model):
    """One day that is off, or working, against its weekday, by a decree. Clause: 118-a2-r07, A-50.

    `settles_year`: with this entry the decree of the day's year is in, and its dates are provisional no more.
    """

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=ExceptionKind.choices)
    name_kk = models.CharField(_("reason in Kazakh"), max_length=200)
    name_ru = models.CharField(_("reason in Russian"), max_length=200)
    name_en = models.CharField(_("reason in English"), max_length=200, blank=True)
    decree = models.CharField(_("decree"), max_length=300)
    for_centre = models.BooleanField(_("applies to employment centres"), default=True)
    for_sc = models.BooleanField(_("applies to the State Corporation"), default=True)
    settles_year = models.BooleanField(_("completes the calendar of its year"), default=False)
    entered_at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("day exception")
        verbose_name_plural = _("day exceptions")
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ExceptionKind.values), name="day_exception_kind"),
            models.CheckConstraint(condition=Q(for_centre=True) | Q(for_sc=True), name="day_exception_for_someone"),
            models.UniqueConstraint(
                fields=["day", "kind", "decree", "for_centre", "for_sc", "settles_year"], name="day_exception_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the entry. Raises NeverOverwritten for one that is already kept."""
        if not self._state.adding:
            raise NeverOverwritten("A day exception is never changed: enter a newer one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raises NeverOverwritten always."""
        raise NeverOverwritten("A day exception is never removed: enter a newer one.")

    def as_rule(self) -> DayRule:
        """The entry as the pure calendar reads it."""
        for_whom = {CalendarKind.CENTRE: self.for_centre, CalendarKind.SC: self.for_sc}
        return DayRule(
            day=self.day,
            working=self.kind == ExceptionKind.WORKING,
            words=Words(self.name_kk, self.name_ru, self.name_en or self.name_ru),
            decree=self.decree,
            calendars=frozenset(kind for kind, applies in for_whom.items() if applies),
            settles_year=self.settles_year,
        )
