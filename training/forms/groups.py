"""Forms of plans, groups and rooms: what the coordinator and the local employment body fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.people.models import Language, OfficeKind, Post, User
from bastau.people.roles import Role
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from referrals.states import StudyForm
from training.actions import announcements
from training.actions.groups import Schedule
from training.conditions.groups import open_change
from training.models import Room, TrainingGroup, TrainingPlan
from training.states import GROUP_FILLING, GroupChange, GroupState, PlanState

WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)
AREA = forms.Textarea(attrs={"rows": 3})
BOTH_TEXTS = _("The announcement needs its text in Kazakh and in Russian. Fill in the one that is missing.")
TALL = forms.Textarea(attrs={"rows": 7})


class ReasonForm(CaseForm):
    """A written reason."""

    reason = forms.CharField(
        label=pgettext_lazy("of a step", "Reason"),
        widget=AREA,
        max_length=2000,
        help_text=_("Those concerned read it."),
        error_messages={"required": _("Write the reason: those concerned read it.")},
    )


class ScheduleForm(CaseForm):
    """Form, first day, class hours and place of a group."""

    mode = forms.ChoiceField(label=_("Form of training"), choices=StudyForm.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language of training"), choices=Language.choices, widget=forms.RadioSelect)
    start_on = DayField(label=_("First training day"))
    starts_at = forms.TimeField(
        label=_("Classes begin at"),
        initial="09:30",
        error_messages={"invalid": _("Write the hour and the minutes, for example 09:30.")},
    )
    hours_a_day = forms.IntegerField(
        label=_("Academic hours a day"),
        initial=4,
        min_value=1,
        max_value=12,
        error_messages={"invalid": _("Write a whole number of hours.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=[1, 2, 3, 4, 5, 6],
        help_text=_("Twenty days of four hours need at least one Saturday."),
        error_messages={"required": _("Choose the days of the week with classes.")},
    )
    place_kk = forms.CharField(label=_("Place, in Kazakh"), max_length=300)
    place_ru = forms.CharField(label=_("Place, in Russian"), max_length=300)
    apply_until = DayField(label=_("Last day of applications"))
    contact = forms.CharField(label=_("Contacts"), max_length=120)

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        if isinstance(case, TrainingGroup):
            kept = ("mode", "language", "start_on", "place_kk", "place_ru", "apply_until", "contact")
            self.initial = {name: getattr(case, name) for name in kept} | dict(self.initial)
            first = case.class_days.order_by("day").first()
            if first is not None:
                shown = {"starts_at": f"{first.starts_at:%H:%M}", "hours_a_day": first.hours}
                self.initial = dict(self.initial) | shown

    def clean(self) -> dict[str, Any]:
        """One fact: the schedule."""
        given = super().clean() or {}
        return given if self.errors else {"schedule": Schedule(**given)}


class GroupForm(ScheduleForm):
    """A new group: on which plan, for which centre."""

    plan = forms.ChoiceField(
        label=_("Training plan"), error_messages={"required": _("Choose a training plan in force.")}
    )
    centre = forms.ChoiceField(label=_("Employment centre"), required=False)
    field_order = ("plan", "centre")

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        plans = TrainingPlan.objects.filter(office=by.post.office, state=PlanState.APPROVED).order_by("-year", "kato")
        self.plans = {str(one.pk): one for one in plans}
        self.centres = {str(one.pk): one for one in _centres(by.post.office)}
        plan: Any = self.fields["plan"]
        plan.choices = [(key, f"{one.number}, {one.territory()}") for key, one in self.plans.items()]
        centre: Any = self.fields["centre"]
        centre.choices = [
            ("", _now("all centres of the region")),
            *((k, one.name()) for k, one in self.centres.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """Schedule, plan and centre."""
        given = forms.Form.clean(self) or {}
        if self.errors:
            return given
        plan, centre = self.plans[given.pop("plan")], self.centres.get(given.pop("centre"))
        return {"plan": plan, "centre": centre, "schedule": Schedule(**given)}


def _centres(chamber: Any) -> list[Any]:
    from bastau.people.models import Office
    from training.offices import centres_of

    return list(Office.objects.filter(centres_of(chamber), kind=OfficeKind.CENTRE).order_by("code"))


class PlanForm(CaseForm):
    """Place and size of a plan; the modules are those of the course."""

    year = forms.IntegerField(label=pgettext_lazy("of a plan", "Year"), min_value=2020, max_value=2100)
    kato = forms.RegexField(
        r"^\d{9}$",
        label=_("KATO code of the district or city"),
        error_messages={"invalid": _("The code has nine digits, for example 351000000.")},
    )
    territory_kk = forms.CharField(label=_("District or city, in Kazakh"), max_length=200)
    territory_ru = forms.CharField(label=_("District or city, in Russian"), max_length=200)
    places = forms.IntegerField(label=_("Planned number of participants"), min_value=1, max_value=100_000)


class PlanChangeForm(CaseForm):
    """What may be changed before the plan is sent."""

    territory_kk = forms.CharField(label=_("District or city, in Kazakh"), max_length=200)
    territory_ru = forms.CharField(label=_("District or city, in Russian"), max_length=200)
    places = forms.IntegerField(label=_("Planned number of participants"), min_value=1, max_value=100_000)

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.initial = {name: getattr(case, name) for name in self.fields} | dict(self.initial)


class RoomForm(forms.Form):
    """A room of the chamber."""

    name = forms.CharField(label=pgettext_lazy("of a room", "Name or number"), max_length=100)
    address_kk = forms.CharField(label=_("Address, in Kazakh"), max_length=300)
    address_ru = forms.CharField(label=_("Address, in Russian"), max_length=300)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=1000)


class AnnounceForm(CaseForm):
    """The announcement in both languages, drafted from the schedule."""

    text_kk = forms.CharField(
        label=_("Announcement in Kazakh"), widget=TALL, max_length=2000, error_messages={"required": BOTH_TEXTS}
    )
    text_ru = forms.CharField(
        label=_("Announcement in Russian"), widget=TALL, max_length=2000, error_messages={"required": BOTH_TEXTS}
    )

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        draft = announcements.current(case)
        if draft is not None:
            self.initial = {"text_kk": draft.text_kk, "text_ru": draft.text_ru} | dict(self.initial)


class PeopleAndRoomForm(CaseForm):
    """Who teaches and accompanies, and where (118-p20)."""

    trainer = forms.ChoiceField(label=_("Business trainer"), required=False)
    consultant = forms.ChoiceField(label=_("Project consultant"), required=False)
    room = forms.ChoiceField(label=_("Room"), required=False)
    equipment_ready = forms.BooleanField(label=_("The technical means are there"), required=False)

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        self.people: dict[str, dict[str, User]] = {}
        for name, role in (("trainer", Role.TRAINER), ("consultant", Role.PROJECT_CONSULTANT)):
            posts = Post.objects.in_force().filter(office=case.office_id, role=role).select_related("user__person")
            self.people[name] = {str(post.user_id): post.user for post in posts}
        rooms = Room.objects.filter(office=case.office_id, is_open=True)
        self.rooms = {str(one.pk): one for one in rooms}
        choices: dict[str, dict[str, Any]] = {**self.people, "room": self.rooms}
        for name, found in choices.items():
            if name not in self.fields:
                continue
            field: Any = self.fields[name]
            field.choices = [("", "–"), *((key, str(one)) for key, one in found.items())]
            self.initial.setdefault(name, getattr(case, f"{name}_id"))
        self.initial.setdefault("equipment_ready", case.equipment_ready)
        if not case.is_offline:
            for name in ("room", "equipment_ready"):
                self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """The people and the room themselves."""
        given = super().clean() or {}
        found: dict[str, dict[str, Any]] = {**self.people, "room": self.rooms}
        for name, able in found.items():
            if name in given:
                given[name] = able.get(given[name])
        return given


class SubstituteForm(PeopleAndRoomForm):
    """Another trainer or room while the group runs (118-p20)."""

    consultant = None  # type: ignore[assignment]
    equipment_ready = None  # type: ignore[assignment]


class ChangeForm(ReasonForm):
    """What the local body is asked to agree to (A-16)."""

    change = forms.ChoiceField(
        label=pgettext_lazy("of a group", "What is to happen"), choices=GroupChange.choices, widget=forms.RadioSelect
    )
    into = forms.ChoiceField(
        label=_("Group to merge with"), required=False, help_text=_("Of the same form and language, still enrolling.")
    )
    field_order = ("change", "into", "reason")

    def __init__(self, *args: Any, case: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        others = TrainingGroup.objects.filter(
            office=case.office_id,
            mode=case.mode,
            language=case.language,
            state__in=[GroupState.ANNOUNCED, *GROUP_FILLING],
        ).exclude(pk=case.pk)
        self.others = {str(one.pk): one for one in others.order_by("start_on", "pk")[:100]}
        field: Any = self.fields["into"]
        field.choices = [
            ("", "–"),
            *((key, f"{one.number}, {one.start_on:%d.%m.%Y}, {one.place()}") for key, one in self.others.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """The group itself."""
        given = super().clean() or {}
        given["into"] = self.others.get(given.get("into") or "")
        return given


class MoveDayForm(CaseForm):
    """A lost class day and the one on which it is made up (118-p22-2)."""

    lost = DayField(label=_("Lost class day"))
    to = DayField(label=_("Made up on"))


def change_waits(case: Any) -> bool:
    """Whether the local body is asked and has not answered."""
    change = open_change(case)
    return change is not None and change.agreed is None


def change_is(what: str) -> Any:
    """Whether such a change is asked about a group."""

    def asked(case: Any) -> bool:
        change = open_change(case)
        return change is not None and change.change == what

    return asked
