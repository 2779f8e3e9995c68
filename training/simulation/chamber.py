"""The working days of a chamber: what lies on its desks is done, day after day."""

from __future__ import annotations

from datetime import date, time, timedelta

from bastau import clock, papers, workdays
from bastau.flow import Actor, verdict
from bastau.papers.authority import demo_sign
from bastau.papers.models import Paper, PaperState
from referrals.models import ReferralApplication
from referrals.simulation.world import Team, World
from referrals.states import StudyForm
from training import candidates
from training.actions import (
    business_plans,
    group_life,
    groups,
    lists,
    plans,
    stipends,
)
from training.models import BusinessPlan, CourseModule, MonthlyList, Room, StipendSheet, TrainingGroup, TrainingPlan
from training.rules.business_plans import CRITERIA, most_points
from training.rules.enrolments import earliest_for
from training.simulation.learners import Learners
from training.simulation.staff import ChamberTeam
from training.states import (
    GROUP_NOT_BEGUN,
    BusinessPlanState,
    EnrolmentState,
    GroupState,
    ListState,
    PlanState,
    SheetState,
)

#: So many people a practical group takes here, and so many one that learns at a distance.
OFFLINE, ONLINE = 16, 4


class ChamberDays:
    """The chamber's mornings at the desk and evenings in the class room."""

    def __init__(self, world: World, team: Team, staff: ChamberTeam) -> None:
        self.world, self.team, self.staff = world, team, staff
        self.learners = Learners(world, staff)
        self.made = 0

    def morning(self) -> None:
        """One morning; nothing on a day off."""
        if not workdays.current("centre").is_working(clock.today(self.staff.office.zone)):
            return
        self._lists()
        self._plan_of_the_year()
        self._groups_on_their_way()
        self._new_group()
        self._enrolments()
        self._rosters()
        self._assessments()
        self._completed_groups()
        self._stipends()

    def evening(self) -> None:
        """What the participants and the trainer did today."""
        for group in self._in(GroupState.RUNNING):
            self.learners.class_day(group)
        for group in self._in(GroupState.ASSESSING):
            self.learners.window_day(group)

    # ---------------------------------------------------------------------------------------------- lists and plans

    def _lists(self) -> None:
        mine = MonthlyList._base_manager.filter(office=self.team.centre).select_related("office")
        for case in mine.filter(state=ListState.DRAFT):
            lists.sign(case, by=self.team.directors[0], signatures=self._signed(case, self.team.directors[0]))
        for case in mine.filter(state=ListState.SIGNED):
            lists.send(case, by=self.team.specialists[0])
        for case in mine.filter(state=ListState.SENT):
            lists.acknowledge(case, by=self.staff.coordinator)

    def _plan_of_the_year(self) -> None:
        year = (clock.today(self.staff.office.zone) + timedelta(days=40)).year
        known = TrainingPlan._base_manager.filter(office=self.staff.office, year=year).order_by("-pk").first()
        if known is None:
            if not CourseModule.objects.exists():
                # A portal without a course plans no training.
                return
            region = self.staff.office.region
            known = plans.start(
                by=self.staff.coordinator,
                year=year,
                kato=self.staff.office.kato,
                territory_kk=region.name_kk,
                territory_ru=region.name_ru,
                places=300,
            )
            plans.send_for_agreement(known, by=self.staff.coordinator)
        elif known.state == PlanState.SENT_FOR_AGREEMENT:
            plans.agree(known, by=self.staff.officer)
        elif known.state == PlanState.AGREED:
            plans.approve(known, by=self.staff.coordinator)

    # ------------------------------------------------------------------------------------------------------- groups

    def _in(self, *states: str) -> list[TrainingGroup]:
        mine = TrainingGroup._base_manager.filter(office=self.staff.office, state__in=states)
        return list(mine.select_related("office").order_by("pk"))

    def _new_group(self) -> None:
        free = candidates.pool(self.staff.office).count()
        waiting = len(self._in(*GROUP_NOT_BEGUN))
        offline = free >= OFFLINE + 1
        if waiting >= 2 or not (offline or (free >= ONLINE and not waiting and self.made % 2)):
            return
        today = clock.today(self.staff.office.zone)
        start = today + timedelta(days=22)
        start += timedelta(days=(7 - start.weekday()) % 7)
        plan = TrainingPlan._base_manager.filter(
            office=self.staff.office, year=start.year, state=PlanState.APPROVED
        ).first()
        if plan is None:
            return
        mode = StudyForm.OFFLINE if offline else StudyForm.ONLINE
        groups.create(by=self.staff.coordinator, plan=plan, schedule=self._schedule(start, mode))
        self.made += 1

    def _schedule(self, start: date, mode: str) -> groups.Schedule:
        return groups.Schedule(
            mode=mode,
            language="ru" if self.made % 3 == 1 else "kk",
            start_on=start,
            starts_at=time(9, 30),
            hours_a_day=5,
            weekdays=(1, 2, 3, 4, 5, 6),
            place_kk=self.staff.office.address_kk,
            place_ru=self.staff.office.address_ru,
            apply_until=start - timedelta(days=3),
            contact=self.staff.office.phone,
        )

    def _groups_on_their_way(self) -> None:
        by = self.staff.coordinator
        for group in self._in(GroupState.PLANNED):
            groups.agree(group, by=self.staff.officer)
        for group in self._in(GroupState.AGREED):
            groups.approve(group, by=by)
        for group in self._in(GroupState.APPROVED):
            text = group.announcements.get(state="draft")
            groups.announce(group, by=by, text_kk=text.text_kk, text_ru=text.text_ru)
        for group in self._in(GroupState.ENROLLING):
            if group.trainer_id is None:
                self._assign(group)

    def _assign(self, group: TrainingGroup) -> None:
        trainer = self.staff.trainers[group.pk % len(self.staff.trainers)]
        given: dict[str, object] = {"trainer": trainer.user, "consultant": self.staff.consultant.user}
        if group.is_offline:
            given |= {"room": self._room(group.pk), "equipment_ready": True}
        groups.assign(group, by=self.staff.coordinator, **given)

    def _room(self, n: int) -> Room:
        name = str(101 + n % 2)
        known = Room.objects.filter(office=self.staff.office, name=name).first()
        office = self.staff.office
        return known or groups.add_room(
            by=self.staff.coordinator, name=name, address_kk=office.address_kk, address_ru=office.address_ru, seats=30
        )

    # ---------------------------------------------------------------------------------------------------- enrolments

    def _enrolments(self) -> None:
        for group in self._in(GroupState.ENROLLING):
            wanted = OFFLINE if group.is_offline else ONLINE
            left = (group.start_on - clock.today(self.staff.office.zone)).days
            taken = group.enrolments.filter(state=EnrolmentState.ENROLLED).count()
            if left < 3 or taken >= wanted:
                continue
            found = candidates.candidates(group).select_related("person").order_by("pk")
            free = [one for one in found if _may_start(one, group)]
            for referral in free[: min(5, wanted - taken)]:
                self.learners.enrol(referral.person, group)

    def _rosters(self) -> None:
        for group in self._in(GroupState.ENROLLING):
            if (group.start_on - clock.today(self.staff.office.zone)).days > 2:
                continue
            members = group.enrolments.filter(state=EnrolmentState.ENROLLED).count()
            if members and (not group.is_offline or members >= 15):
                group_life.fix_roster(group, by=self.staff.coordinator)
            else:
                group_life.cancel(group, by=self.staff.coordinator, reason="Қатысушылар жеткіліксіз.")

    # ------------------------------------------------------------------------------------------------------- results

    def _assessments(self) -> None:
        waiting = BusinessPlan._base_manager.filter(
            office=self.staff.office, enrolment__state=EnrolmentState.ASSESSING
        ).select_related("enrolment", "office")
        for plan in waiting.filter(state=BusinessPlanState.SUBMITTED):
            able = business_plans.assessors(plan)
            mine = next((one for one in self.staff.trainers if one.user in able), None)
            if mine is not None and mine.user is not None:
                business_plans.review(
                    business_plans.appoint(plan, by=self.staff.coordinator, assessor=mine.user), by=mine
                )
        for plan in waiting.filter(state=BusinessPlanState.UNDER_REVIEW):
            assessor = next((one for one in self.staff.trainers if one.user and one.user.pk == plan.assignee_id), None)
            if assessor is not None:
                share = self.world.chance.choice([45, 70, 75, 80, 85, 90])
                points = {one: most_points(one) * share // 100 for one in CRITERIA}
                business_plans.assess(plan, by=assessor, points=points, conclusion="Жоспар талаптарға сай бағаланды.")

    def _completed_groups(self) -> None:
        for group in self._in(GroupState.ASSESSING):
            open_ones = group.enrolments.filter(state__in=[EnrolmentState.STUDYING, EnrolmentState.ASSESSING])
            if not open_ones.exists():
                group_life.complete(group, by=self.staff.coordinator)

    def _stipends(self) -> None:
        by, director, accountant = self.team.specialists[0], self.team.directors[0], self.staff.accountant
        drawn = StipendSheet._base_manager.filter(office=self.team.centre).select_related("office")
        for group in stipends.groups_to_pay():
            if not drawn.filter(group=group).exists() and stipends.learners(group, self.team.centre).exists():
                stipends.send_to_check(stipends.draw_up(group, self.team.centre, by=by), by=by)
        for sheet in drawn.filter(state=SheetState.IN_CHECK):
            stipends.approve(sheet, by=director, signatures=self._papers_signed(stipends.sheet_papers(sheet), director))
        for sheet in drawn.filter(state=SheetState.APPROVED):
            # A sheet on which nobody is paid now, for want of an account or of attendance, stays on the desk.
            if verdict(sheet, "send_to_bank", accountant).ok:
                stipends.send_to_bank(sheet, by=accountant, reference=f"П-{sheet.pk}")
        for sheet in drawn.filter(state=SheetState.SENT_TO_BANK):
            stipends.execute(sheet, by=accountant, executed_on=clock.today(self.team.centre.zone))

    # -------------------------------------------------------------------------------------------------------- papers

    def _signed(self, case: MonthlyList, by: Actor) -> dict[int, bytes]:
        return self._papers_signed(lists.sign_papers(case), by)

    def _papers_signed(self, found: list[Paper], by: Actor) -> dict[int, bytes]:
        made = [papers.render(one.pk) if one.state == PaperState.ASKED else one for one in found]
        assert by.user is not None
        return {one.pk: demo_sign(by.user, one.content(), by.post) for one in made}


def _may_start(referral: ReferralApplication, group: TrainingGroup) -> bool:
    """Whether three years have passed since an earlier training (118-p29); the others wait in the pool."""
    earliest = earliest_for(referral.person, referral.trained_until)
    return earliest is None or earliest <= group.start_on
