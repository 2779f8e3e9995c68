"""The list of cases; an entry of it is the case page. And what referrals add to the header and the desk."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from bastau import clock
from bastau.flow.models import Deadline
from bastau.people.models import Office
from bastau.people.names import fold
from bastau.people.roles import Role
from bastau.portal import dates, nav
from bastau.portal.templatetags.bastau_ui import badge
from bastau.workplace import desks, rooms
from bastau.workplace.registers import Filter, Register
from bastau.workplace.site import site
from referrals.models import COUNTER_ROLES, READERS, ReferralApplication
from referrals.rules import application_number
from referrals.states import Channel, State
from referrals.views import casepage


@admin.register(ReferralApplication, site=site)
class ReferralRegister(Register):
    readers = (*READERS, Role.SC_OPERATOR)
    heading = gettext_lazy("Cases")
    about = gettext_lazy("Applications for a referral, the newest first. What is to be done stands on the desk.")
    list_display = ("case_number", "citizen", "standing", "door", "accepted", "works")
    details = ("case_number",)
    related = ("person", "assignee__person")
    search_label = gettext_lazy("Number or surname")
    listed = False
    filters = (
        Filter("state", gettext_lazy("State"), lambda request: [one for one in State.choices if one[0] != State.DRAFT]),
        Filter("channel", gettext_lazy("Channel"), lambda request: Channel.choices),
    )

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the whole number, by its last digits (of this year), or by the beginning of the name."""
        if re.fullmatch(r"\d{1,6}", text):
            year = clock.today(dates.DEFAULT_ZONE)
            regions = (
                Office.objects.filter(kind="centre").values_list("region", flat=True).distinct().order_by("region")
            )
            return rows.filter(number__in=[application_number(region, year, int(text)) for region in regions])
        if any(char.isdigit() for char in text):
            return rows.filter(number=text.upper())
        return rows.filter(person__fold__startswith=fold(text))

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: int, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The case page."""
        return casepage.page(request, casepage.find(request, object_id))

    @admin.display(description=gettext_lazy("Number"))
    def case_number(self, row: ReferralApplication) -> str:
        return row.number or _("draft")

    @admin.display(description=gettext_lazy("Citizen"))
    def citizen(self, row: ReferralApplication) -> str:
        return row.person.short_name

    @admin.display(description=gettext_lazy("State"))
    def standing(self, row: ReferralApplication) -> str:
        return badge(row.get_state_display(), casepage.TONES.get(row.state, "info"))

    @admin.display(description=gettext_lazy("Channel"))
    def door(self, row: ReferralApplication) -> str:
        return row.get_channel_display()

    @admin.display(description=gettext_lazy("Accepted on"))
    def accepted(self, row: ReferralApplication) -> str:
        return f"{row.accepted_on:%d.%m.%Y}" if row.accepted_on else "–"

    @admin.display(description=gettext_lazy("Works on it"))
    def works(self, row: ReferralApplication) -> str:
        return row.assignee.person.short_name if row.assignee else "–"


def _through_sc(now: datetime) -> Q:
    # The term of the return runs from the acceptance at the State Corporation till the result is sent there.
    returning = Deadline.objects.open().filter(
        name="T-SC-RETURN", case_kind=OuterRef("case_kind"), case_id=OuterRef("case_id")
    )
    return Q(Exists(returning))


desks.narrow_by(desks.Narrowing("sc", gettext_lazy("Through the State Corporation"), _through_sc))
desks.narrow_by(desks.Narrowing("sign", pgettext_lazy("desk", "To sign"), lambda now: Q(duty=Role.DIRECTOR)))


@nav.register
def staff_entries(request: HttpRequest) -> list[nav.Entry]:
    """Counter, cases, and what waits for a signature: each for the roles whose room it is."""
    posts = rooms.staff_posts(request)
    held = {post.role for post in posts}
    found = []
    if held & set(COUNTER_ROLES):
        found.append(
            nav.Entry(label=pgettext("room", "Counter"), url=reverse("centre:counter"), invites=_("Receive a citizen"))
        )
    if Role.DIRECTOR in held:
        offices = [post.office_id for post in posts if post.role == Role.DIRECTOR]
        count = desks.Desk(request.user, posts).mine().filter(duty=Role.DIRECTOR, office__in=offices).count()  # type: ignore[arg-type]
        found.append(
            nav.Entry(
                label=pgettext("room", "To sign"), url=f"{reverse('workplace:index')}?scope=mine&only=sign", count=count
            )
        )
    if held & {*READERS, Role.SC_OPERATOR}:
        found.append(
            nav.Entry(
                label=pgettext("room", "Cases"), url=reverse("workplace:referrals_referralapplication_changelist")
            )
        )
    return found
