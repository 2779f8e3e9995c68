"""What the check protocol says to a person: for each answer the reason in words, and what to do (FKA04-1.2)."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bastau.portal import dates
from grants.rules.applications import certificate_until, entrepreneur_until

Text = str | Promise

#: code -> (reason, what to do); `%(day)s` is the day that goes with the answer, `%(until)s` the end of its term.
WORDS: dict[str, tuple[Text, Text]] = {
    "certificate_valid": (_("Your certificate of %(day)s is valid for the grant until %(until)s."), ""),
    "certificate_old": (
        _("Your certificate of %(day)s is too old. It was valid for the grant until %(until)s."),
        _("Take the training again and come back with the new certificate."),
    ),
    "skills_to_check": (
        _("You gave the number of a certificate of skills.enbek.kz of %(day)s."),
        _("You need not do anything: the specialist of the centre compares the number with skills.enbek.kz."),
    ),
    "participation_only": (
        _("You have a certificate of participation. It is given without a business plan and is not enough here."),
        _("Take the training again with a business plan, or the online course on skills.enbek.kz."),
    ),
    "no_certificate": (
        _("No certificate of “Bastau Business” is known for you."),
        _("Apply for a referral to the training, or give the number of your certificate of skills.enbek.kz."),
    ),
    "category_not_stated": (
        _("You have not said yet in which category you apply."),
        _("Choose your category below."),
    ),
    "category_none": (
        _("The grant is given to certain categories of people; you said that none of them fits."),
        _("Look at the list once more. If none fits, ask your centre about microcredits and other support."),
    ),
    "category_to_check": (
        _("You stated your category. No register that could confirm it is connected to the portal yet."),
        _("You need not do anything: the specialist of the centre checks it and may ask you for a document."),
    ),
    "registered_unemployed": (_("The labour market system shows you as registered unemployed."), ""),
    "entrepreneur_too_long": (
        _("You have been an entrepreneur since %(day)s. The grant was open to you until %(until)s."),
        _("The grant is for new entrepreneurs. Ask your centre about other support."),
    ),
    "entrepreneur_to_check": (
        _("You said that you are an entrepreneur since %(day)s. The grant is open to you until %(until)s."),
        _("You need not do anything: the specialist of the centre compares the date with the tax register."),
    ),
    "register_silent": (
        _("The labour market system has not answered yet."),
        _("We keep asking. You may fill in the project meanwhile; sending waits for the answer."),
    ),
    "not_registered": (
        _("The labour market system does not show you as registered unemployed."),
        _("Register at your employment centre or on enbek.kz and ask again here; or say since when you are an"
          " entrepreneur."),
    ),
    "no_grant_before": (_("No grant was paid to you through this portal."), ""),
    "grant_before": (
        _("You have received this grant already. It is given once."),
        _("Ask your centre about other support."),
    ),
    "no_recovery": (_("You owe no grant money back."), ""),
    "recovery_open": (
        _("Money of an earlier grant is demanded back from you and is not returned yet."),
        _("Return it and come back, or ask your centre."),
    ),
    "by_hand": (_("Checked by the specialist of the centre."), ""),
}  # fmt: skip


def reason_of(code: str, day: date | None = None) -> str:
    """The reason of an answer in the reader's language."""
    return _said(WORDS[code][0], code, day)


def advice_of(code: str, day: date | None = None) -> str:
    """What to do; empty where nothing is to be done."""
    return _said(WORDS[code][1], code, day)


def _said(words: Text, code: str, day: date | None) -> str:
    said = str(words)
    if day is None or "%(" not in said:
        return said
    until = entrepreneur_until(day) if code.startswith("entrepreneur") else certificate_until(day)
    return said % {"day": dates.long_date(day), "until": dates.long_date(until)}
