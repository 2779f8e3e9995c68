"""What time alone does to applications."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from bastau import clock, law, workdays
from bastau.flow import Refused
from bastau.flow.models import Deadline
from bastau.people.models import Post
from bastau.people.roles import Role
from referrals import actions
from referrals.models import ReferralApplication
from referrals.states import State


def give_out_untaken() -> int:
    """Give a case nobody took by one working day before its check is due to the specialist with the least work."""
    ids = Deadline.objects.open().filter(
        case_kind=ReferralApplication.kind, name="T-REF-CHECK", remind_at__lt=clock.now()
    )
    waiting = (
        ReferralApplication._base_manager.filter(state=State.ACCEPTED, pk__in=ids.values("case_id"))
        .order_by("filed_at", "pk")
        .values_list("pk", "office_id", "person_id")[:500]
    )
    load: dict[int, dict[int, int]] = {}
    persons: dict[int, int] = {}
    chosen: dict[int, int] = {}
    for pk, office, person in waiting:
        of_office = load.setdefault(office, _load(office, persons))
        able = [user for user in of_office if persons[user] != person]
        if able:
            chosen[pk] = min(able, key=lambda user: (of_office[user], user))
            of_office[chosen[pk]] += 1
    return actions.give_out(chosen) if chosen else 0


def _load(office: int, persons: dict[int, int]) -> dict[int, int]:
    posts = Post.objects.in_force().filter(office=office, role=Role.SPECIALIST).select_related("user")
    users = {post.user_id: post.user.person_id for post in posts}
    persons.update(users)
    counted = (
        ReferralApplication._base_manager.filter(assignee__in=users, state__in=[State.IN_CHECK, State.CHECKED])
        .values_list("assignee")
        .annotate(cases=Count("pk", filter=Q()))
        .order_by("assignee")
    )
    return dict.fromkeys(users, 0) | dict(counted)


def mark_uncollected() -> int:
    """Mark results not collected at the State Corporation within the month (SPEC 4.1)."""
    now = clock.now()
    month = law.term("T-UNCOLLECTED")
    done = 0
    waiting = ReferralApplication._base_manager.filter(state=State.SENT_TO_SC, sent_to_sc_at__lt=now)
    for application in waiting.select_related("office").order_by("sent_to_sc_at", "pk")[:500]:
        assert application.office is not None
        assert application.sent_to_sc_at is not None
        zone = application.office.zone
        last = workdays.add(application.sent_to_sc_at.astimezone(ZoneInfo(zone)).date(), month)
        if clock.today(zone) > last:
            try:
                actions.mark_uncollected(application)
            except Refused:
                # Collected at this very moment; the others still wait.
                continue
            done += 1
    return done
