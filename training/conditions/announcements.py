"""Conditions of the announcement (118-p15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from referrals.conditions import because

if TYPE_CHECKING:
    from training.models import Announcement


@because(_("The announcement needs its text in Kazakh and in Russian. Fill in the one that is missing."))
def in_both_languages(case: Announcement) -> bool:
    return bool(case.text_kk.strip() and case.text_ru.strip())
