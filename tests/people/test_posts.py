from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bastau import clock
from bastau.people.models import OfficeKind
from bastau.people.posts import forget_posts, holds, posts_of
from bastau.people.roles import Role
from bastau.people.scope import centre_for, offices_of
from tests.conftest import ALMATY
from tests.factories import CitizenFactory, OfficeFactory, PostFactory, RegionFactory, StaffFactory

pytestmark = pytest.mark.django_db

FROM = datetime(2026, 6, 1, tzinfo=ALMATY)
UNTIL = datetime(2026, 6, 15, tzinfo=ALMATY)


@pytest.fixture
def director():
    return PostFactory(role=Role.DIRECTOR)


@pytest.fixture
def substitute(director):
    return PostFactory(role=Role.DIRECTOR, office=director.office, since=FROM, until=UNTIL, substitutes=director)


def test_post_in_its_office_is_held(director):
    assert holds(director.user, Role.DIRECTOR, director.office) == director


def test_post_is_not_held_in_another_office(director):
    assert holds(director.user, Role.DIRECTOR, OfficeFactory()) is None


def test_other_role_is_not_held(director):
    assert holds(director.user, Role.SPECIALIST, director.office) is None


@pytest.mark.parametrize(
    ("at", "held"),
    [
        (FROM - timedelta(seconds=1), False),
        (FROM, True),
        (UNTIL - timedelta(seconds=1), True),
        (UNTIL, False),
    ],
)
def test_substitute_holds_the_post_exactly_for_the_period(substitute, at, held):
    with clock.at(at):
        assert (holds(substitute.user, Role.DIRECTOR, substitute.office) == substitute) is held


def test_own_post_comes_before_a_substitution(substitute, director):
    own = PostFactory(user=substitute.user, role=Role.DIRECTOR, office=OfficeFactory())
    again = PostFactory(
        user=own.user,
        role=Role.DIRECTOR,
        office=own.office,
        since=FROM,
        until=UNTIL,
        substitutes=PostFactory(role=Role.DIRECTOR, office=own.office),
    )
    with clock.at(FROM):
        assert holds(again.user, Role.DIRECTOR, own.office) == own


def test_posts_are_read_once_for_one_user_object(substitute, django_assert_num_queries):
    with clock.at(FROM), django_assert_num_queries(1):
        assert posts_of(substitute.user) == [substitute]
        assert holds(substitute.user, Role.DIRECTOR, substitute.office).substitutes.user.person is not None


def test_kept_posts_still_end_on_their_day(substitute):
    with clock.at(FROM):
        assert posts_of(substitute.user)
    with clock.at(UNTIL):
        assert posts_of(substitute.user) == []


def test_forgotten_posts_are_read_anew(director):
    user = StaffFactory()
    assert posts_of(user) == []
    post = PostFactory(user=user)
    forget_posts(user)
    assert posts_of(user) == [post]


def test_citizen_holds_no_post():
    assert posts_of(CitizenFactory()) == []


def test_substitution_in_another_role_is_refused(director):
    wrong = PostFactory.build(
        user=StaffFactory(), role=Role.SPECIALIST, office=director.office, since=FROM, until=UNTIL, substitutes=director
    )
    with pytest.raises(ValidationError):
        wrong.full_clean()


def test_nobody_substitutes_oneself(director):
    own = PostFactory.build(
        user=director.user, role=Role.DIRECTOR, office=director.office, since=FROM, until=UNTIL, substitutes=director
    )
    with pytest.raises(ValidationError):
        own.full_clean()


@pytest.mark.engine
def test_database_refuses_a_substitution_without_an_end(director):
    with pytest.raises(IntegrityError, match="post_substitute_dated"), transaction.atomic():
        PostFactory(role=Role.DIRECTOR, office=director.office, substitutes=director)


def test_centre_post_reaches_its_own_office_only(director):
    OfficeFactory()
    assert list(offices_of(director.user, [Role.DIRECTOR])) == [director.office]


def test_reach_counts_only_the_roles_asked_for(director):
    assert list(offices_of(director.user, [Role.SPECIALIST])) == []


def test_local_employment_body_reaches_the_offices_of_its_region():
    body = OfficeFactory(leb=True, serves=[])
    centre = OfficeFactory()
    OfficeFactory(region=RegionFactory(code="71"))
    user = StaffFactory(role=Role.LEB_OFFICER, office=body)
    assert set(offices_of(user, [Role.LEB_OFFICER])) == {body, centre}


def test_district_body_reaches_the_offices_of_the_districts_it_serves():
    near, far = OfficeFactory(kato="351200000"), OfficeFactory(kato="353200000")
    user = StaffFactory(role=Role.LEB_OFFICER, office=OfficeFactory(leb=True, serves=["3512"]))
    reached = set(offices_of(user, [Role.LEB_OFFICER]))
    assert near in reached
    assert far not in reached


def test_ministry_reaches_all_offices():
    one, other = OfficeFactory(), OfficeFactory(region=RegionFactory(code="71"))
    user = StaffFactory(role=Role.AUDITOR, office=OfficeFactory(ministry=True))
    assert {one, other} <= set(offices_of(user, [Role.AUDITOR]))


def test_longest_served_prefix_decides_the_centre():
    region, district = OfficeFactory(serves=["35"]), OfficeFactory(serves=["3512"])
    OfficeFactory(kind=OfficeKind.LEB, serves=["351200000"])
    assert centre_for("351200000") == district
    assert centre_for("351000000") == region


def test_nobody_serves_a_place_without_a_centre():
    OfficeFactory(serves=["35"])
    assert centre_for("000000000") is None
