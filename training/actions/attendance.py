"""The only writers of the trainer's journal: class days, individual consultations, pitch trainings (118-p21, p23)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bastau import clock
from bastau.flow import Actor, Refused, perform_many
from training.models import Attendance, ClassDay, Enrolment, IndividualConsultation, PitchTraining, TrainingGroup
from training.rights import attendance as rights
from training.states import ENROLMENT_LEARNING, ENROLMENT_MEMBER, EnrolmentState, GroupState


def mark_day(day: ClassDay, *, by: Actor, present: Collection[int]) -> int:
    """Enter who came on a class day: `present` are ids of enrolments of the group; the others were absent.

    The first class attended begins the training. Again corrects the entry. Returns how many came. Raises Refused.
    """
    with transaction.atomic():
        group = _running(day.group_id, by)
        assert group.office is not None
        assert by.user is not None
        if not day.booked:
            raise Refused(_("This class day was moved; enter the day on which the class took place."))
        if day.day > clock.today(group.office.zone):
            raise Refused(_("This class day has not come yet."))
        members = list(
            Enrolment._base_manager.filter(group=group, state__in=ENROLMENT_MEMBER)
            .select_related("person", "office")
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        now = clock.now()
        rows = [
            Attendance(enrolment=member, class_day=day, present=member.pk in present, marked_by=by.user, marked_at=now)
            for member in members
        ]
        Attendance.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["enrolment", "class_day"],
            update_fields=["present", "marked_by", "marked_at"],
        )
        began = [member.pk for member in members if member.pk in present and member.state == EnrolmentState.ENROLLED]
        if began:
            perform_many(
                Enrolment._base_manager.filter(pk__in=began).select_related("person", "office", "group__office"),
                "begin",
                by=by,
                facts_for=lambda case: {"group": case.group_id},
            )
        return sum(row.present for row in rows)


def record_consultation(
    enrolment: Enrolment, *, by: Actor, held_on: date, topic: str, online: bool = False, refused: bool = False
) -> IndividualConsultation:
    """Enter an individual consultation, or that the participant refused it (118-p23). Twice gives back the first.

    For learners at a distance it is held online. Raises Refused.
    """
    if not topic.strip():
        raise Refused(_("Write what the consultation was about."))
    with transaction.atomic():
        group = _running(enrolment.group_id, by)
        _inside(group, held_on)
        case = Enrolment._base_manager.select_for_update(of=("self",)).get(pk=enrolment.pk)
        if case.group_id != group.pk or case.state not in ENROLMENT_LEARNING:
            raise Refused(_("This person does not study in the group now."))
        assert by.user is not None
        row, _made = IndividualConsultation.objects.get_or_create(
            enrolment=case,
            held_on=held_on,
            topic=topic.strip(),
            defaults={
                "online": online or not group.is_offline,
                "refused": refused,
                "by": by.user,
                "at": clock.now(),
            },
        )
        return row


def record_pitch(group: TrainingGroup, *, by: Actor, held_on: date, participants: Collection[int]) -> PitchTraining:
    """Enter a training in public speaking with those who took part (118-p23); again for the same day corrects it.

    Raises Refused.
    """
    with transaction.atomic():
        group = _running(group.pk, by)
        _inside(group, held_on)
        took_part = Enrolment._base_manager.filter(group=group, state__in=ENROLMENT_LEARNING, pk__in=participants)
        if not took_part.exists():
            raise Refused(_("Tick those who took part."))
        assert by.user is not None
        row, _made = PitchTraining.objects.get_or_create(
            group=group,
            held_on=held_on,
            defaults={"online": not group.is_offline, "by": by.user, "at": clock.now()},
        )
        row.participants.set(took_part)
        return row


def _running(pk: int | None, by: Actor) -> TrainingGroup:
    """The locked group, if `by` keeps its journal now. Raises Refused."""
    if pk is None:
        raise Refused(_("This person does not study in the group now."))
    group = TrainingGroup._base_manager.select_for_update(of=("self",)).select_related("office").get(pk=pk)
    allowed = rights.keeps(group, by)
    if not allowed.ok:
        raise Refused(str(allowed.reason))
    if group.state != GroupState.RUNNING:
        raise Refused(_("The journal is kept while the classes run."))
    return group


def _inside(group: TrainingGroup, day: date) -> None:
    """Consultations and pitch trainings lie inside the training (A-17). Raises Refused."""
    assert group.office is not None
    if not group.start_on <= day <= group.end_on:
        raise Refused(_("The day lies outside the training: consultations and pitch trainings belong to its days."))
    if day > clock.today(group.office.zone):
        raise Refused(_("This day has not come yet."))
