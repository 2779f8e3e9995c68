"""Groups before their first day: planned, agreed, approved, announced; people, room and timetable (SPEC 4.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bastau import clock, law, workdays
from bastau.flow import SYSTEM, Actor, Refused, perform, verdict
from bastau.papers import numbers
from bastau.people.models import Office, User
from bastau.people.posts import holds
from bastau.people.roles import Role
from referrals.states import StudyForm
from training.actions import announcements, reasons
from training.models import ClassDay, Room, TrainingGroup, TrainingPlan
from training.rules import timetable
from training.rules.timetable import Lesson
from training.states import PlanState

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Schedule:
    """What the coordinator fills in: form, first day, class hours, place, last day of applications, contacts."""

    mode: str
    language: str
    start_on: date
    starts_at: time
    hours_a_day: int
    weekdays: Collection[int]
    place_kk: str
    place_ru: str
    apply_until: date
    contact: str

    def lessons(self, plan: TrainingPlan) -> list[Lesson]:
        """The class days of this schedule, public holidays left out."""
        return timetable.lay_out(
            self.start_on,
            plan.modules,
            hours_a_day=self.hours_a_day,
            weekdays=self.weekdays,
            starts_at=self.starts_at,
            is_off=public_holidays(),
        )


def public_holidays() -> Callable[[date], bool]:
    """Whether a day from Monday to Saturday is off for everybody."""
    calendar = workdays.current("sc")
    return lambda day: day.isoweekday() <= 6 and not calendar.is_working(day)


def create(*, by: Actor, plan: TrainingPlan, schedule: Schedule, centre: Office | None = None) -> TrainingGroup:
    """Plan a group on a plan in force, with its timetable (118-p13, p14).

    Raises Refused: plan not in force, start too near to be announced, timetable against the Rules.
    """
    assert by.post is not None
    chamber = by.post.office
    if plan.office_id != chamber.pk or plan.state != PlanState.APPROVED:
        raise Refused(_("Choose a training plan that is agreed and approved: it also agrees the territory."))
    lessons = checked(schedule, plan, chamber)
    with transaction.atomic():
        series = f"ОТ-{chamber.region_id}-{clock.today(chamber.zone).year}"
        group = TrainingGroup(
            office=chamber,
            plan=plan,
            centre=centre,
            number=f"{series}-{numbers.take(series):06d}",
            ruleset=law.RULESET,
            created_at=clock.now(),
            **_fields(schedule, lessons),
        )
        group.check_fields()
        group.save()
        _write_days(group, lessons)
        return perform(group, "create", by=by, plan=plan.pk, start_on=group.start_on)


def change(group: TrainingGroup, *, by: Actor, schedule: Schedule) -> TrainingGroup:
    """Another schedule before the approval; it is agreed anew (118-p14). Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "change", by)
        return _reschedule(group, "change", by, schedule)


def agree(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """The local employment body agrees form, dates and place as they stand (118-p14, p21). Raises Refused."""
    with transaction.atomic():
        group = locked(group)
        agreed = timetable.fingerprint(group)
        return perform(group, "agree", by=by, set={"schedule": agreed}, schedule=agreed)


def object_to(group: TrainingGroup, *, by: Actor, reason: str) -> TrainingGroup:
    """The local employment body does not agree; the coordinator changes the schedule. Raises Refused."""
    with transaction.atomic():
        written = reasons.write(group, "object", reason, by)
        return perform(group, "object", by=by, reason=written.pk)


def approve(group: TrainingGroup, *, by: Actor) -> TrainingGroup:
    """The chamber approves the agreed schedule; the announcement is drafted from it (118-p14). Raises Refused."""
    with transaction.atomic():
        group = perform(group, "approve", by=by, schedule=group.agreed_schedule)
        announcements.draft(group, by=by)
        return group


def announce(group: TrainingGroup, *, by: Actor, text_kk: str, text_ru: str) -> TrainingGroup:
    """Publish the announcement in both languages, fifteen calendar days before the start (118-p15, A-14).

    A start moved later keeps its first announcement, with a notice of change (SPEC 4.3). Raises Refused.
    """
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "announce", by)
        published = announcements.publish(group, by=by, text_kk=text_kk, text_ru=text_ru)
        return perform(
            group,
            "announce",
            by=by,
            set={"announced_start": group.start_on},
            announcement=published.pk,
            start_on=group.start_on,
        )


def open_enrolment(group: TrainingGroup) -> TrainingGroup:
    """The system opens the enrolment; the candidates of the lists are invited (118-p12-2). Raises Refused."""
    return perform(group, "open_enrolment", by=SYSTEM)


def assign(group: TrainingGroup, *, by: Actor, **given: Any) -> TrainingGroup:
    """Trainer, consultant, room, technical means (118-p20): `trainer`, `consultant`, `room`, `equipment_ready`.

    Raises Refused for people without the post, a room of another chamber, and whoever is busy at these hours.
    """
    with transaction.atomic():
        group = locked(group)
        _allowed(group, "assign", by)
        check_people(group, given)
        book(group, given)
        people = {name: getattr(given[name], "pk", None) for name in ("trainer", "consultant", "room") if name in given}
        return perform(group, "assign", by=by, set=given, **people)


def add_room(*, by: Actor, name: str, address_kk: str, address_ru: str, seats: int) -> Room:
    """Enter a room of the coordinator's chamber (118-p20). Raises Refused when the name is taken."""
    if by.post is None or by.post.role != Role.COORDINATOR:
        raise Refused(_("Rooms are entered by the chamber's coordinator."))
    try:
        with transaction.atomic():
            return Room.objects.create(
                office=by.post.office, name=name, address_kk=address_kk, address_ru=address_ru, seats=seats
            )
    except IntegrityError as error:
        raise Refused(_("There is a room of this name already.")) from error


# ------------------------------------------------------------------------------------------- used by the later steps


def checked(schedule: Schedule, plan: TrainingPlan, chamber: Office, *, announced: date | None = None) -> list[Lesson]:
    """The class days of a schedule when the Rules allow it. `announced` is the start the group was announced for.

    Raises Refused with every fault in words.
    """
    today = clock.today(chamber.zone)
    lessons = schedule.lessons(plan)
    said = timetable.faults(lessons)
    if lessons:
        start = lessons[0].day
        moved_later = announced is not None and announced <= start
        if start <= today:
            said.insert(0, gettext("The first training day must lie ahead."))
        elif not moved_later and not timetable.may_announce(start, today):
            said.insert(0, timetable.late_to_announce(start, today))
        if schedule.apply_until > start:
            said.append(gettext("The last day of applications must not be after the first training day."))
    if said:
        raise Refused([str(one) for one in said])
    return lessons


def reschedule(group: TrainingGroup, event: str, *, by: Actor, schedule: Schedule) -> TrainingGroup:
    """The locked group gets another schedule by `event`. Raises Refused."""
    return _reschedule(group, event, by, schedule)


def _reschedule(group: TrainingGroup, event: str, by: Actor, schedule: Schedule) -> TrainingGroup:
    assert group.office is not None
    lessons = checked(schedule, group.plan, group.office, announced=group.announced_start)
    group.class_days.all().delete()
    _write_days(group, lessons)
    fields = _fields(schedule, lessons)
    return perform(group, event, by=by, set=fields, start_on=fields["start_on"], end_on=fields["end_on"])


def check_people(group: TrainingGroup, given: dict[str, Any]) -> None:
    """Who is given a group holds the post for it in its chamber. Raises Refused."""
    for name, role in (("trainer", Role.TRAINER), ("consultant", Role.PROJECT_CONSULTANT)):
        user: User | None = given.get(name)
        if user is not None and holds(user, role, group.office_id) is None:
            raise Refused(_("This person holds no such post in the chamber now. Choose another one."))
    room: Room | None = given.get("room")
    if room is not None:
        if room.office_id != group.office_id or not room.is_open:
            raise Refused(_("Choose a room of this chamber."))
        if group.mode == StudyForm.ONLINE:
            raise Refused(_("A group that learns online needs no room."))


def book(group: TrainingGroup, given: dict[str, Any], *, since: date | None = None) -> None:
    """Let the class days (from `since`) follow the group's trainer and room. Raises Refused for who is busy then."""
    wanted = {name: given[name] for name in ("trainer", "room") if name in given}
    days = group.class_days.filter(booked=True)
    if since is not None:
        days = days.filter(day__gte=since)
    for name, value in wanted.items():
        if value is not None:
            _free(group, list(days), name, value)
    if wanted:
        with busy_is_refused():
            days.update(**wanted)


def _free(group: TrainingGroup, days: Sequence[ClassDay], name: str, value: Any) -> None:
    others = ClassDay.objects.filter(booked=True, day__in=[one.day for one in days], **{name: value})
    taken = {one.day: one for one in others.exclude(group=group).select_related("group").order_by("-day")}
    for one in days:
        other = taken.get(one.day)
        if other is not None and one.starts_at < other.ends_at and other.starts_at < one.ends_at:
            raise Refused(
                _("%(what)s is busy on %(day)s from %(begin)s to %(end)s with the group %(group)s. Choose another one.")
                % {
                    "what": value,
                    "day": f"{other.day:%d.%m.%Y}",
                    "begin": f"{other.starts_at:%H:%M}",
                    "end": f"{other.ends_at:%H:%M}",
                    "group": other.group.number,
                },
                code="busy",
            )


@contextmanager
def busy_is_refused() -> Iterator[None]:
    """What two colleagues book at the same moment the database refuses to the second. Raises Refused."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "class_day_trainer_free" in str(error) or "class_day_room_free" in str(error):
            raise Refused(_("The trainer or the room is busy at these hours. Choose another one."), code="busy") from (
                error
            )
        raise


def locked(group: TrainingGroup) -> TrainingGroup:
    """The group, locked."""
    return (
        TrainingGroup._base_manager.select_for_update(of=("self",))
        .select_related("office", "plan", "centre", "trainer__person", "room")
        .get(pk=group.pk)
    )


def _allowed(group: TrainingGroup, event: str, by: Actor) -> None:
    answer = verdict(group, event, by)
    if not answer.ok:
        raise Refused(str(answer.reason), code=event)


def _fields(schedule: Schedule, lessons: Sequence[Lesson]) -> dict[str, Any]:
    return {
        "mode": schedule.mode,
        "language": schedule.language,
        "start_on": lessons[0].day,
        "end_on": lessons[-1].day,
        "place_kk": schedule.place_kk,
        "place_ru": schedule.place_ru,
        "apply_until": schedule.apply_until,
        "contact": schedule.contact,
    }


def _write_days(group: TrainingGroup, lessons: Sequence[Lesson]) -> None:
    with busy_is_refused():
        ClassDay.objects.bulk_create(
            ClassDay(
                group=group,
                day=one.day,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                hours=one.hours,
                module_code=one.module,
                trainer=group.trainer,
                room=group.room if group.is_offline else None,
            )
            for one in lessons
        )
