from datetime import date

from django.utils import translation

from bastau.portal.strip import cells, length_in_words, skipped_days, strip_from
from tests.portal.reckonings import ACCEPTED, FILED, reckoning, row

TODAY = date(2026, 6, 10)


def kinds(strip) -> list[str]:
    return [day["kind"] for day in strip]


def test_strip_runs_from_the_filing_to_the_last_day():
    strip = strip_from(reckoning(), today=TODAY, filed_on=FILED, accepted_on=ACCEPTED)
    assert kinds(strip) == ["filed", "skipped", "skipped", "accepted", "counted", "counted", "due"]
    assert [day["date"].day for day in strip] == [5, 6, 7, 8, 9, 10, 11]


def test_day_filed_and_accepted_at_once_is_one_cell():
    assert kinds(strip_from(reckoning(before=[]), today=TODAY, filed_on=ACCEPTED)) == [
        "accepted",
        "counted",
        "counted",
        "due",
    ]


def test_reason_is_in_the_readers_language(lang):
    strip = strip_from(reckoning(), today=TODAY, filed_on=FILED)
    assert strip[1]["reason"] == f"Saturday {lang}"


def test_days_before_acceptance_without_a_kept_reason_are_still_explained(kk):
    strip = strip_from(reckoning(before=[]), today=TODAY, filed_on=FILED)
    assert kinds(strip)[:4] == ["filed", "skipped", "skipped", "accepted"]
    assert all(day["reason"] for day in strip[1:3])


def test_due_day_is_the_local_day_of_the_due_instant_not_the_last_day_looked_at():
    rolled_back = reckoning(
        due="2026-06-12T13:30:00+00:00",
        days=[row("2026-06-12", 1), row("2026-06-13", reason="Saturday"), row("2026-06-14", reason="Sunday")],
    )
    assert kinds(strip_from(rolled_back, today=TODAY)) == ["accepted", "due", "skipped", "skipped"]


def test_due_day_is_reckoned_in_the_zone_of_the_office():
    late_evening = reckoning(due="2026-06-11T18:59:59+00:00")
    assert strip_from(late_evening, today=TODAY)[-1]["kind"] == "due"


def test_passed_last_day_is_late_while_the_duty_is_open():
    assert strip_from(reckoning(), today=date(2026, 6, 12))[-1]["late"]


def test_passed_last_day_is_not_late_when_the_duty_was_done():
    assert not strip_from(reckoning(), today=date(2026, 6, 12), closed=True)[-1]["late"]


def test_today_is_marked_on_its_day_alone():
    strip = strip_from(reckoning(), today=TODAY, filed_on=FILED)
    assert [day["date"] for day in strip if day["today"]] == [TODAY]


def test_term_that_starts_with_something_else_does_not_speak_of_acceptance():
    issue = reckoning(term={"id": "118-p09-2", "length": 1, "unit": "wd", "start": "check"}, before=[])
    assert kinds(strip_from(issue, today=TODAY))[0] == "start"


def test_every_cell_says_its_day_and_meaning_in_words(lang):
    strip = strip_from(reckoning(), today=TODAY, filed_on=FILED)
    said = [cell["said"] for cell in cells(strip)]
    assert all(str(day["date"].day) in words for day, words in zip(strip, said, strict=True))
    assert f"Saturday {lang}" in said[1]


def test_small_strip_leaves_filing_and_acceptance_out():
    strip = strip_from(reckoning(), today=TODAY, filed_on=FILED)
    assert [cell["kind"] for cell in cells(strip, small=True)] == ["counted", "counted", "due"]


def test_long_small_strip_keeps_its_ends_and_says_how_much_it_leaves_out(kk):
    days = [row(f"2026-06-{day:02}", day - 8) for day in range(9, 31)]
    far = reckoning(days=days, due="2026-06-30T13:30:00+00:00")
    shown = cells(strip_from(far, today=TODAY), small=True)
    assert len(shown) == 9
    assert shown[4]["kind"] == "gap"
    assert "14" in shown[4]["said"]
    assert shown[-1]["kind"] == "due"


def test_term_of_months_shows_a_gap_between_its_ends():
    months = reckoning(
        days=[row("2027-06-08")],
        due="2027-06-08T18:59:59+00:00",
        term={"id": "118-p33", "length": 12, "unit": "month", "start": "launch"},
        before=[],
    )
    assert [cell["kind"] for cell in cells(strip_from(months, today=TODAY))] == ["start", "gap", "due"]


def test_days_not_counted_are_listed_with_their_reasons(kk):
    found = skipped_days(strip_from(reckoning(), today=TODAY, filed_on=FILED))
    assert found == [{"day": "6 маусым", "reason": "Saturday kk"}, {"day": "7 маусым", "reason": "Sunday kk"}]


def test_length_of_a_term_in_hours_is_left_to_its_clause():
    assert length_in_words(24, "hour") == ""


def test_length_of_a_term_holds_its_number(lang):
    with translation.override(lang):
        assert "3" in length_in_words(3, "wd")
