"""What the director, the secretary, the chair and the members of the commission send."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bastau.flow import Actor
from bastau.people.models import Office
from bastau.portal.widgets import DayField
from bastau.workplace.casework import CaseForm
from grants import seating
from grants.actions import voting
from grants.models import AgendaItem, CommissionMeeting, Score
from grants.papers import meetings as papers
from grants.states import Choice, Dissenting, GrantState, Postponing, Ruling

CHOOSE = _("Choose one of the list.")
WHOLE = _("Write a whole number.")


def prose(label: Any, hint: Any = "", *, longest: int = 4000, required: bool = True, rows: int = 3) -> forms.CharField:
    """A field for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": str(rows), "autocomplete": "off"}),
        error_messages={"required": _("Write it in a few words."), "max_length": _("This is too long. Shorten it.")},
    )


def one_line(label: Any, hint: Any = "", *, longest: int = 300, required: bool = True) -> forms.CharField:
    """A field of one line."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        error_messages={"required": _("Fill this in."), "max_length": _("This is too long. Shorten it.")},
    )


def one_of(label: Any, choices: Any, hint: Any = "", *, required: bool = True) -> forms.ChoiceField:
    """One of a few, as radio buttons."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )


def whole(label: Any, hint: Any = "", *, least: int, most: int | None = None, required: bool = True) -> Any:
    """A whole number."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        required=required,
        error_messages={"required": WHOLE, "invalid": WHOLE},
    )


# -------------------------------------------------------------------------------------------------- the secretary


class WhenForm(CaseForm):
    """Date, time and place of a meeting (FKA04-2.1). Cleaned into what the actions take."""

    day = DayField(
        label=_("Day of the meeting"),
        help_text=_(
            "Members and applicants must be told in time; a day that is too near is refused with the earliest one."
        ),
    )
    time = forms.TimeField(
        label=pgettext_lazy("of a meeting", "Time"),
        help_text=_("For example: 11:00"),
        error_messages={"required": _("Write the time, for example 11:00."), "invalid": _("Write the time as 11:00.")},
    )
    place_kk = one_line(_("Place, in Kazakh"))
    place_ru = one_line(_("Place, in Russian"))
    minutes = whole(_("Minutes for one presentation"), least=1, most=60)

    def __init__(self, *args: Any, office: Office | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: CommissionMeeting | None = self.case
        self.office = office or (meeting.office if meeting else None)
        assert self.office is not None
        start = meeting.starts_local if meeting else None
        self.initial = {
            "day": start.date() if start else None,
            "time": f"{start:%H:%M}" if start else "",
            "place_kk": meeting.place_kk if meeting else self.office.address_kk,
            "place_ru": meeting.place_ru if meeting else self.office.address_ru,
            "minutes": meeting.minutes if meeting else 5,
            **self.initial,
        }

    def clean(self) -> dict[str, Any]:
        found = dict(super().clean() or {})
        day, time = found.pop("day", None), found.pop("time", None)
        if day and time:
            assert self.office is not None
            found["starts_at"] = datetime.combine(day, time, ZoneInfo(self.office.zone))
        return found


class PostponeForm(CaseForm):
    """Why a meeting is put off."""

    reason = prose(_("Why is the meeting postponed?"), _("Members and applicants read it."), longest=2000)


class AttendanceForm(forms.Form):
    """Who is in the room, who not and why, and in whose place a substitute sits (A-32)."""

    def __init__(self, *args: Any, meeting: CommissionMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = seating.members_of(meeting)
        seats = {seat.member_id: seat for seat in meeting.seats.all()}
        places: list[tuple[str, Any]] = [("", _("in nobody's place"))]
        places += [(str(one.pk), str(one)) for one in self.members if not one.is_substitute]
        for member in self.members:
            seat = seats.get(member.pk)
            self.fields[f"here_{member.pk}"] = forms.BooleanField(
                label=_("%(name)s is present") % {"name": member}, required=False, initial=bool(seat and seat.present)
            )
            if member.is_substitute:
                self.fields[f"place_{member.pk}"] = forms.ChoiceField(
                    label=_("%(name)s, substitute member, sits in the place of") % {"name": member},
                    choices=places,
                    required=False,
                    initial=str(seat.in_place_of_id or "") if seat else "",
                    error_messages={"invalid_choice": CHOOSE},
                )
            else:
                self.fields[f"reason_{member.pk}"] = one_line(
                    _("Reason, if %(name)s is absent") % {"name": member}, required=False
                )
                self.initial[f"reason_{member.pk}"] = seat.reason if seat else ""

    def rows(self) -> list[voting.Attendance]:
        """What is to be noted."""
        found = self.cleaned_data
        return [
            voting.Attendance(
                member.pk,
                present=found[f"here_{member.pk}"],
                reason=found.get(f"reason_{member.pk}", ""),
                in_place_of=int(found.get(f"place_{member.pk}") or 0) or None,
            )
            for member in self.members
        ]


class DissentForm(CaseForm):
    """A refusal to sign or a dissenting opinion (SPEC 2.10)."""

    member = forms.TypedChoiceField(
        label=_("Member"), coerce=int, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    kind = one_of(_("What is recorded?"), Dissenting.choices)
    text = prose(_("In the member's own words"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sat = papers.sat_at(papers.meeting_of(self.case))
        self.fields["member"].choices = [("", _("Choose the member")), *((one.pk, str(one)) for one in sat)]  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """A decision as the signed protocol says (FKA04-2.6)."""

    ruling = one_of(_("What does the protocol say?"), Ruling.choices)
    amount = whole(_("Sum of the grant, tenge"), _("Only where the grant is given."), least=0, required=False)
    protocol_number = one_line(_("Number of the protocol"), longest=40)


class CorrectionForm(forms.Form):
    """What a correcting protocol mends: the wording of the reasons. The votes stay as they were counted."""

    cause = prose(_("What was wrong?"), longest=2000)
    reason = prose(_("How must the reasons read?"), _("The applicant reads them."), rows=5)


# ---------------------------------------------------------------------------------------------------- on one item


class ItemForm(forms.Form):
    """A form on one item of the agenda."""

    def __init__(self, *args: Any, item: AgendaItem, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.by = item, by


class ScoreForm(ItemForm):
    """A member's score sheet (SPEC 2.10)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.item.scores.filter(member__user=self.by.user).first()
        for criterion in Score.CRITERIA:
            field = Score._meta.get_field(criterion)
            most = next(rule.limit_value for rule in field.validators if rule.code == "max_value")  # type: ignore[union-attr]
            hint = _("from 0 to %(most)s") % {"most": most}
            self.fields[criterion] = whole(field.verbose_name, hint, least=0, most=most)  # type: ignore[union-attr]
            if given is not None:
                self.initial[criterion] = getattr(given, criterion)


class VoteForm(ItemForm):
    """A member's vote; recusing has a form of its own."""

    choice = one_of(
        _("How do you vote?"),
        [(one.value, one.label) for one in (Choice.FOR, Choice.AGAINST, Choice.ABSTAINED)],
        _("You may change it until the chair closes the item."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast = self.item.votes.filter(member__user=self.by.user).first()
        if cast is not None:
            self.initial["choice"] = cast.choice


class RecuseForm(ItemForm):
    """A member has an interest (A-32)."""

    reason = one_line(
        _("What is the conflict of interest?"), _("For example: the applicant is my brother."), longest=500
    )


class CloseForm(ItemForm):
    """The chair closes the vote."""

    otherwise = one_of(
        _("If it is not granted, then"),
        [(one.value, one.label) for one in (Ruling.REFUSE, Ruling.POSTPONE)],
        _("The votes decide whether it is granted; they are counted when you close."),
    )
    amount = whole(_("Sum to be granted, tenge"), _("At most what was asked for."), least=1)
    reason = prose(
        _("Reasons of the decision"), _("The secretary may word them later, before the protocol."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"amount": self.item.application.grant_sum, "otherwise": Ruling.REFUSE, **self.initial}


class PutOffForm(ItemForm):
    """The chair puts an item off without a vote."""

    cause = one_of(_("Why is it put off?"), [])
    reason = prose(_("Words for the protocol"), longest=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heard = self.item.application.state == GrantState.HEARD
        causes = [Postponing.QUORUM, Postponing.COMMISSION] if heard else [
            Postponing.ABSENT, Postponing.ABSENT_GOOD_REASON, Postponing.QUORUM,
        ]  # fmt: skip
        self.fields["cause"].choices = [(one.value, one.label) for one in causes]  # type: ignore[attr-defined]


class WordsForm(ItemForm):
    """What the secretary writes for the protocol."""

    questions = prose(_("Questions and advice"), required=False)
    reason = prose(_("Reasons of the decision"), _("The applicant reads them."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"questions": self.item.questions, "reason": self.item.reason, **self.initial}


class StandInForm(ItemForm):
    """Which substitute sits for which recused member on this item."""

    member = forms.TypedChoiceField(label=_("Recused member"), coerce=int, error_messages={"invalid_choice": CHOOSE})
    substitute = forms.TypedChoiceField(
        label=_("Substitute member in the room"),
        coerce=int,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": CHOOSE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.item.meeting
        recused = seating.recused_on(self.item, seating.bench_of(meeting))
        free = voting.free_substitutes(meeting)
        self.fields["member"].choices = [(one.pk, str(one)) for one in recused]  # type: ignore[attr-defined]
        self.fields["substitute"].choices = [("", _("nobody")), *((one.pk, str(one)) for one in free)]  # type: ignore[attr-defined]


class PresentedForm(ItemForm):
    """The applicant is there and presents the project (FKA04-2.5)."""

    online = forms.BooleanField(label=_("Speaks online, allowed by the chair"), required=False)


# --------------------------------------------------------------------------------------------------- the director


class OrderForm(forms.Form):
    """The order that forms the commission."""

    order_number = one_line(_("Number of the order"), longest=40)
    order_date = DayField(label=_("Date of the order"))


class AppointForm(OrderForm):
    """An appointment by order (A-32)."""

    PLACES = (
        ("member", _("voting member")),
        ("chair", pgettext_lazy("place in the commission", "chair")),
        ("substitute", _("substitute member")),
    )
    user = forms.TypedChoiceField(
        label=_("Person"), coerce=int, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    place = one_of(_("Place in the commission"), PLACES)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day, if it is known"), required=False)

    field_order = ("user", "place", "order_number", "order_date", "since", "until")

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", _("Choose the person")), *people]  # type: ignore[attr-defined]


class ReleaseForm(forms.Form):
    """The end of an appointment."""

    member = forms.TypedChoiceField(
        label=_("Member"), coerce=int, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    last_day = DayField(label=_("Last day"))
    order_number = one_line(_("Number of the order"), longest=40)

    def __init__(self, *args: Any, members: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", _("Choose the member")), *((one.pk, str(one)) for one in members)]  # type: ignore[attr-defined]
