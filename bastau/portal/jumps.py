"""What the demonstration's clock learns from layers above people: working days, deadlines; its link in the bar."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bastau import workdays
from bastau.flow.models import Deadline
from bastau.people import demo
from bastau.people.posts import posts_of
from bastau.portal import dates, nav


def working_day(request: HttpRequest, now: datetime) -> datetime:
    """The next working day of a centre, at the same time of day in the zone of the presenter's office."""
    post = next(iter(posts_of(request.user)), None)
    zone = ZoneInfo(post.office.zone) if post else ZoneInfo(str(dates.DEFAULT_ZONE))
    local = now.astimezone(zone)
    day = workdays.current("centre").next_working(local.date())
    return datetime.combine(day, local.timetz())


def deadline(request: HttpRequest, now: datetime) -> datetime | None:
    """The last moment of the open deadline that comes next, whoever's it is; None where none lies ahead."""
    return Deadline.objects.open().filter(due_at__gt=now).order_by("due_at").values_list("due_at", flat=True).first()


def links(request: HttpRequest) -> list[nav.Entry]:
    """The demo page, with the way back to the page one stands on."""
    return [nav.Entry(label=_("Other people and the clock"), url=f"{reverse('demo')}?next={request.path}")]


def register() -> None:
    """Make all of it known. Doing it again changes nothing."""
    demo.register_jump("working_day", working_day)
    demo.register_jump("deadline", deadline)
    nav.register_demo(links)
