"""Who may do what to an application, and who sees it: tables to be read, checked cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from bastau.flow import SYSTEM, Actor, judging
from bastau.people.models import Office, Person, Post, User, UserKind
from bastau.people.rights import COLUMNS
from bastau.people.roles import Role
from referrals import actions, rights
from referrals.models import ReferralApplication
from referrals.states import Channel, State
from tests.factories import CitizenFactory, OfficeFactory, StaffFactory
from tests.referrals import cases

# ------------------------------------------------------------------------------------------------------------- events

#: What a sign of the tables below means.
SIGNS = {
    "+": judging.YES,
    "role": judging.NOT_YOUR_ROLE,
    "office": judging.NOT_YOUR_OFFICE,
    "other": judging.NOT_YOURS,
    "own": judging.OWN_CASE,
    "mine": judging.NOT_ASSIGNED,
    "eyes": rights.FOUR_EYES,
}

#: The case: of citizen 1, of centre 10, filed at `counter`, worked on by `specialist`, checked by `checker`.
#: `colleague` and `chief` are a specialist and the director of that centre, `far_*` of another one; `kin_*` hold a
#: post in the centre and the case is their own; `operator` sits at the office of the State Corporation 20.
ACTORS: dict[str, tuple[int, Role | None, int]] = {
    "citizen": (1, None, 0),
    "stranger": (2, None, 0),
    "specialist": (3, Role.SPECIALIST, 10),
    "colleague": (4, Role.SPECIALIST, 10),
    "far_spec": (5, Role.SPECIALIST, 11),
    "kin_spec": (1, Role.SPECIALIST, 10),
    "chief": (6, Role.DIRECTOR, 10),
    "far_chief": (7, Role.DIRECTOR, 11),
    "kin_chief": (1, Role.DIRECTOR, 10),
    "checker": (8, Role.DIRECTOR, 10),
    "head": (9, Role.UNIT_HEAD, 10),
    "operator": (12, Role.SC_OPERATOR, 20),
    "far_oper": (13, Role.SC_OPERATOR, 21),
    "auditor": (14, Role.AUDITOR, 10),
    "leb": (15, Role.LEB_OFFICER, 10),
    "sysadmin": (16, Role.SYSADMIN, 10),
}

PORTAL = """
event             citizen stranger specialist colleague far_spec kin_spec chief far_chief kin_chief checker head
submit            +       other    role       role      role     role     role  role      role      role    role
accept            role    role     office     office    office   office   role  role      role      role    role
refuse_acceptance role    role     office     office    office   office   role  role      role      role    role
take              role    role     +          +         office   own      role  role      role      role    role
finish_check      role    role     +          mine      office   own      role  role      role      role    role
propose_issue     role    role     +          mine      office   own      role  role      role      role    role
propose_refusal   role    role     +          mine      office   own      role  role      role      role    role
send_back         role    role     role       role      role     role     +     office    own       +       role
issue             role    role     role       role      role     role     +     office    own       eyes    role
refuse            role    role     role       role      role     role     +     office    own       eyes    role
send_to_sc        role    role     +          +         office   own      role  role      role      role    role
hand_over         role    role     +          +         office   own      role  role      role      role    role
mark_uncollected  role    role     role       role      role     role     role  role      role      role    role
withdraw          +       other    role       role      role     role     role  role      role      role    role
"""

#: What the counters do: an application at the centre's own counter, at the State Corporation's, and its result there.
COUNTERS = """
where     event             citizen specialist colleague far_spec kin_spec chief operator far_oper
at_centre accept            role    +          +         office   own      role  role     role
at_centre refuse_acceptance role    +          +         office   own      role  role     role
at_centre hand_over         role    +          +         office   own      role  office   office
at_sc     accept            role    role       role      role     role     role  +        office
at_sc     refuse_acceptance role    role       role      role     role     role  +        office
sent      hand_over         role    role       role      role     role     role  +        office
back      hand_over         role    +          +         office   own      role  +        office
"""

#: Roles that read, and the system, which only moves what time moves.
OTHERS = """
event             operator auditor leb  sysadmin system
submit            role     role    role role     role
accept            role     role    role role     role
refuse_acceptance role     role    role role     role
take              role     role    role role     +
finish_check      role     role    role role     role
propose_issue     role     role    role role     role
propose_refusal   role     role    role role     role
send_back         role     role    role role     role
issue             role     role    role role     role
refuse            role     role    role role     role
send_to_sc        role     role    role role     role
hand_over         office   role    role role     role
mark_uncollected  role     role    role role     +
withdraw          role     role    role role     role
"""

WHERE = {
    "at_home": (Channel.PORTAL, None, State.DRAFT),
    "at_centre": (Channel.CENTRE, 10, State.DRAFT),
    "at_sc": (Channel.SC, 20, State.DRAFT),
    "sent": (Channel.SC, 20, State.SENT_TO_SC),
    "back": (Channel.SC, 20, State.UNCOLLECTED),
}


def actor(name: str) -> Actor:
    if name == "system":
        return SYSTEM
    person, role, office = ACTORS[name]
    kind = UserKind.STAFF if role else UserKind.CITIZEN
    user = User(pk=100 + list(ACTORS).index(name), kind=kind, person=Person(pk=person))
    return Actor(user, Post(user=user, role=role, office=Office(pk=office)) if role else None)


def case(where: str) -> ReferralApplication:
    channel, counter, state = WHERE[where]
    return ReferralApplication(
        state=state,
        channel=channel,
        person_id=1,
        office_id=10,
        counter_id=counter,
        assignee_id=actor("specialist").user.pk,  # type: ignore[union-attr]
        checked_by_id=actor("checker").user.pk,  # type: ignore[union-attr]
    )


def cells(table: str, fixed: int) -> Iterator[Any]:
    """Each cell of a table: its `fixed` first words, the actor, the sign."""
    head, *lines = [line.split() for line in table.strip().splitlines()]
    for line in lines:
        assert len(line) == len(head), line
        for name, sign in zip(head[fixed:], line[fixed:], strict=True):
            yield pytest.param(*line[:fixed], name, sign, id="-".join([*line[:fixed], name]))


@pytest.mark.parametrize(("event", "name", "sign"), list(cells(PORTAL, 1)))
def test_an_event_of_an_application_from_the_portal(event: str, name: str, sign: str) -> None:
    assert rights.may(case("at_home"), event, actor(name)) == SIGNS[sign]


@pytest.mark.parametrize(("where", "event", "name", "sign"), list(cells(COUNTERS, 2)))
def test_an_event_at_a_counter(where: str, event: str, name: str, sign: str) -> None:
    assert rights.may(case(where), event, actor(name)) == SIGNS[sign]


@pytest.mark.parametrize(("event", "name", "sign"), list(cells(OTHERS, 1)))
def test_an_event_by_who_does_not_work_on_cases(event: str, name: str, sign: str) -> None:
    assert rights.may(case("at_home"), event, actor(name)) == SIGNS[sign]


def test_the_tables_name_every_event_of_the_machine() -> None:
    for table in (PORTAL, OTHERS):
        assert {line.split()[0] for line in table.strip().splitlines()[1:]} == set(rights.RULES)


def test_a_case_nobody_works_on_may_be_finished_by_any_specialist_of_the_centre() -> None:
    free = case("at_home")
    free.assignee_id = None
    assert rights.may(free, "finish_check", actor("colleague")).ok


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign != "+"])
def test_every_no_has_its_sentence(sign: str) -> None:
    assert str(SIGNS[sign].reason).endswith(".")


# --------------------------------------------------------------------------------------------------------- visible to

#: Whose eyes an application meets: `x` sees, `.` does not. Its centre of residence is `centre`; `far` is another.
SEEN = """
application  citizen stranger specialist far_spec kin chief far_chief head operator far_oper auditor inspector leb sysadmin
home_draft   x       .        .          .        .   .     .         .    .        .        .       .         .   .
centre_draft x       .        x          .        .   .     .         .    .        .        .       .         .   .
sc_draft     x       .        .          .        .   .     .         .    x        .        .       .         .   .
from_home    x       .        x          .        .   x     .         x    .        .        x       x         .   .
from_centre  x       .        x          .        .   x     .         x    .        .        x       x         .   .
from_sc      x       .        x          .        .   x     .         x    x        .        x       x         .   .
not_by_us    x       .        x          .        .   x     .         x    .        .        x       x         .   .
not_by_sc    x       .        .          .        .   .     .         .    x        .        .       x         .   .
withdrawn    x       .        x          .        .   x     .         x    .        .        x       x         .   .
"""  # noqa: E501


@dataclass
class World:
    """One person's applications in turn, and everybody who might look."""

    centre: cases.Centre
    person: Person
    eyes: dict[str, User]

    def application(self, name: str) -> ReferralApplication:
        way, channel = {
            "home_draft": (cases.draft, Channel.PORTAL),
            "centre_draft": (cases.draft, Channel.CENTRE),
            "sc_draft": (cases.draft, Channel.SC),
            "from_home": (cases.accepted, Channel.PORTAL),
            "from_centre": (cases.accepted, Channel.CENTRE),
            "from_sc": (cases.accepted, Channel.SC),
            "not_by_us": (cases.draft, Channel.CENTRE),
            "not_by_sc": (cases.draft, Channel.SC),
            "withdrawn": (cases.accepted, Channel.PORTAL),
        }[name]
        made = way(self.centre, channel=channel, person=self.person)
        if name.startswith("not_by"):
            by = self.centre.operator if channel == Channel.SC else self.centre.specialist
            made = actions.refuse_acceptance(made, by=by, reason="ACCEPT_EXPIRED", text="Жеке куәлік.")
        elif name == "withdrawn":
            made = actions.withdraw(made, by=cases.citizen(made))
        return made


@pytest.fixture
def world(db: None, frozen: Any) -> World:
    centre = cases.Centre.open(serves=["35"])
    far = cases.Centre.open(serves=["71"])
    ministry, body = OfficeFactory(ministry=True), OfficeFactory(leb=True)
    kin = StaffFactory(role=Role.SPECIALIST, office=centre.office)
    return World(
        centre,
        kin.person,
        {
            "citizen": CitizenFactory(person=kin.person),
            "stranger": CitizenFactory(),
            "specialist": centre.specialist.user,
            "far_spec": far.specialist.user,
            "kin": kin,
            "chief": centre.director.user,
            "far_chief": far.director.user,
            "head": centre.head.user,
            "operator": centre.operator.user,
            "far_oper": far.operator.user,
            "auditor": StaffFactory(role=Role.AUDITOR, office=centre.office),
            "inspector": StaffFactory(role=Role.AUDITOR, office=ministry),
            "leb": StaffFactory(role=Role.LEB_OFFICER, office=body),
            "sysadmin": StaffFactory(role=Role.SYSADMIN, office=centre.office),
        },  # type: ignore[dict-item]
    )


HEAD, *ROWS = [line.split() for line in SEEN.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_an_application_meets_only_the_eyes_of_its_row(world: World, row: list[str]) -> None:
    application = world.application(row[0])
    seen = {
        name: "x" if ReferralApplication.objects.visible_to(user).filter(pk=application.pk).exists() else "."
        for name, user in world.eyes.items()
    }
    assert seen == dict(zip(HEAD[1:], row[1:], strict=True))


def test_who_is_not_signed_in_sees_nothing(world: World) -> None:
    world.application("from_home")
    assert not ReferralApplication.objects.visible_to(AnonymousUser()).exists()


# -------------------------------------------------------------------------------------------- the matrix of SPEC 5.1

#: The rows of this part of the chain; a role without a column has no right. The auditor after section 5.
MATRIX = """
Entity;                            citizen;                         specialist; unit_head; director;                sc_operator;      leb_officer; auditor; sysadmin
Application for a referral;        CRU(o);                          CRU;        R;         RD;                      CR;               R(agg);      R;       –
Check protocol;                    –;                               CRU;        R;         R;                       –;                –;           R;       –
Referral or refusal;               R(o);                            R;          R;         D;                       R to hand it over; –;          R;       –
Audit log;                         R accesses to one's own data;    –;          –;         R of the own centre;     –;                –;           R;       R technical ones
Users, classifiers, calendars;     –;                               –;          –;         R users of the own centre; –;              –;           –;       CU with dual control
"""  # noqa: E501


HEADINGS = [word.strip() for word in MATRIX.strip().splitlines()[0].split(";")][1:]


def printed() -> dict[str, dict[str, str]]:
    """The cells that `manage.py rights` prints, by entity and column."""
    out = StringIO()
    call_command("rights", lang="en", stdout=out)
    lines = [line.strip("| ") for line in out.getvalue().splitlines() if line.startswith("|")]
    found = {}
    for line in lines[2:]:
        title, *shown = (word.strip() for word in line.split(" | "))
        found[title] = dict(zip(COLUMNS, shown, strict=True))
    return found


@pytest.mark.parametrize("line", MATRIX.strip().splitlines()[1:], ids=lambda line: line.split(";")[0])
def test_the_printed_row_is_that_of_the_specification(line: str) -> None:
    title, *wanted = (word.strip() for word in line.split(";"))
    assert printed()[title] == dict.fromkeys(COLUMNS, "–") | dict(zip(HEADINGS, wanted, strict=True))


def test_every_column_of_the_table_is_a_role() -> None:
    assert set(HEADINGS) <= set(COLUMNS)
