"""The demonstration's clock, moved as a presenter moves it: by the buttons of the demo page."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import requests

#: Months without public holidays in the first days that a journey may need.
PLAIN_MONTHS = {2, 4, 6, 8, 9, 10, 11}


class Clock:
    """The clock of one running portal; it is moved forward only."""

    def __init__(self, url: str) -> None:
        self.page, self.button = f"{url}/demo/", f"{url}/demo/clock/"
        self.browser = requests.Session()
        self.browser.headers["Accept-Language"] = "en"
        self.week = date.min

    def close(self) -> None:
        self.browser.close()

    def now(self) -> datetime:
        """The local time of Almaty as the demo page shows it, to the minute."""
        shown = self.browser.get(self.page, timeout=30)
        shown.raise_for_status()
        found = re.search(r"(\d{1,2} \w+ \d{4}, \d\d:\d\d)", shown.text)
        assert found is not None, shown.text
        return datetime.strptime(found[1], "%d %B %Y, %H:%M")  # noqa: DTZ007 - a wall clock

    def _press(self, to: str) -> None:
        if "csrftoken" not in self.browser.cookies:
            self.now()
        answer = self.browser.post(
            self.button,
            {"to": to},
            headers={"X-CSRFToken": self.browser.cookies["csrftoken"]},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 302, answer.text

    def hours_on(self, number: int) -> None:
        for _ in range(number):
            self._press("hour")

    def working_days_on(self, number: int) -> None:
        """The same time of day, so many working days later."""
        for _ in range(number):
            self._press("working_day")

    def to_the_next_deadline(self) -> None:
        self._press("deadline")

    def to_a_plain_monday(self) -> date:
        """Some minutes past 10:00 of a Monday with two weeks without holidays before it; a new one each time."""
        now = self.now()
        self.hours_on((10 - now.hour) % 24)
        day = self.now().date()
        while not self._is_plain(day):
            ahead = next(d for d in (day + timedelta(n) for n in range(1, 400)) if self._is_plain(d))
            # Never more presses than there are working days: the last ones are looked at one by one.
            self.working_days_on(max(1, (ahead - day).days * 5 // 7 - 12))
            day = self.now().date()
        self.week = day
        return day

    def _is_plain(self, day: date) -> bool:
        return day.weekday() == 0 and day.month in PLAIN_MONTHS and day.day <= 12 and day > self.week
