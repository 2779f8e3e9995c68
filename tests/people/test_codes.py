from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bastau import clock
from bastau.people import codes
from bastau.people.limits import Limit
from tests.conftest import MONDAY

IIN = "850312400128"


def given():
    subject, code = codes.issue(codes.ask("sign-in", IIN))
    assert subject == IIN
    return code


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_code_is_six_digits(frozen):
    code = given()
    assert len(code) == 6
    assert code.isdigit()


def test_right_code_is_taken(frozen):
    assert codes.spend("sign-in", IIN, given())


def test_code_is_taken_once(frozen):
    code = given()
    codes.spend("sign-in", IIN, code)
    assert not codes.spend("sign-in", IIN, code)


def test_wrong_code_is_not_taken(frozen):
    assert not codes.spend("sign-in", IIN, wrong(given()))


def test_code_for_another_iin_is_not_taken(frozen):
    assert not codes.spend("sign-in", "010422500138", given())


def test_code_for_another_purpose_is_not_taken(frozen):
    assert not codes.spend("other", IIN, given())


def test_fifth_try_may_still_be_right(frozen):
    code = given()
    for _turn in range(4):
        codes.spend("sign-in", IIN, wrong(code))
    assert codes.spend("sign-in", IIN, code)


def test_after_five_wrong_tries_the_right_code_is_void(frozen):
    code = given()
    for _turn in range(5):
        codes.spend("sign-in", IIN, wrong(code))
    assert not codes.spend("sign-in", IIN, code)


def test_new_code_makes_the_old_one_void(frozen):
    old = given()
    new = given()
    assert old == new or not codes.spend("sign-in", IIN, old)
    assert codes.spend("sign-in", IIN, new)


def test_asking_for_a_code_makes_the_old_one_void_at_once(frozen):
    code = given()
    codes.ask("sign-in", IIN)
    assert not codes.spend("sign-in", IIN, code)


def test_token_that_was_overtaken_gives_no_code(frozen):
    overtaken = codes.ask("sign-in", IIN)
    codes.ask("sign-in", IIN)
    assert codes.issue(overtaken) is None


def test_code_lives_five_minutes():
    with clock.at(MONDAY):
        code = given()
    with clock.at(MONDAY + timedelta(minutes=5)):
        assert not codes.spend("sign-in", IIN, code)


def test_code_lives_until_five_minutes_are_over():
    with clock.at(MONDAY):
        code = given()
    with clock.at(MONDAY + timedelta(minutes=4, seconds=59)):
        assert codes.spend("sign-in", IIN, code)


def test_handing_over_twice_gives_the_same_code(frozen):
    token = codes.ask("sign-in", IIN)
    assert codes.issue(token) == codes.issue(token)


def test_handing_over_twice_gives_no_further_tries(frozen):
    token = codes.ask("sign-in", IIN)
    _, code = codes.issue(token)
    for _turn in range(5):
        codes.spend("sign-in", IIN, wrong(code))
    codes.issue(token)
    assert not codes.spend("sign-in", IIN, code)


def test_two_requests_at_once_spend_a_code_once(frozen):
    code = given()

    def spend(_turn):
        with clock.at(MONDAY):
            return codes.spend("sign-in", IIN, code)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(4))) == 1


def test_redis_holds_neither_the_code_nor_the_iin_beside_the_token(frozen):
    from django.core.cache import cache

    token = codes.ask("sign-in", IIN)
    _, code = codes.issue(token)
    client = cache._cache.get_client(None)
    for name in client.scan_iter(match=f"{cache.key_prefix}:*"):
        assert IIN.encode() not in name
        if token.encode() not in name:
            kept = client.get(name)
            assert code.encode() not in kept
            assert IIN.encode() not in kept


def test_free_uses_bring_no_pause(frozen):
    limit = Limit("test", free=3)
    for _turn in range(2):
        limit.use("key")
    assert limit.pause("key") == timedelta()


def test_pause_begins_with_the_last_free_use_and_grows(frozen):
    limit = Limit("test", free=3)
    pauses = []
    for _turn in range(5):
        limit.use("key")
        pauses.append(limit.pause("key"))
    minute = timedelta(minutes=1)
    assert pauses == [timedelta(), timedelta(), minute, 2 * minute, 4 * minute]


def test_pause_is_an_hour_at_most(frozen):
    limit = Limit("test", free=1)
    for _turn in range(20):
        limit.use("key")
    assert limit.pause("key") == timedelta(hours=1)


def test_pause_ends():
    limit = Limit("test", free=1)
    with clock.at(MONDAY):
        limit.use("key")
    with clock.at(MONDAY + timedelta(minutes=1)):
        assert limit.pause("key") == timedelta()


def test_limits_of_two_keys_do_not_touch(frozen):
    limit = Limit("test", free=1)
    limit.use("one")
    assert limit.pause("other") == timedelta()
