"""The components of the house as template tags. `/gallery/` (demo and test mode) shows each of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext, ngettext, pgettext

from bastau import clock, law
from bastau.portal import dates, figures
from bastau.portal import strip as strips

register = template.Library()

HERE = "portal/components/"

#: The four stops of every way through the house.
STOPS = ("referral", "training", "grant", "monitoring")
STATES = ("done", "now", "later")
TONES = ("plain", "info", "done", "soon", "late")

register.filter("iin_masked", figures.iin_masked)
register.filter("iin_grouped", figures.iin_grouped)
register.filter("iban_grouped", figures.iban_grouped)
register.filter("phone", figures.phone)
register.filter("number", figures.number)
register.filter("money", figures.money)


@register.filter
def kz_date(moment: date | datetime | str, zone: str | None = None) -> str:
    """«2026 жылғы 5 маусым» in the active language, in the office's zone."""
    return dates.long_date(moment, zone) if moment else ""


@register.filter
def kz_day(moment: date | datetime | str, zone: str | None = None) -> str:
    """«11 маусым, бейсенбі»."""
    return dates.day_with_weekday(moment, zone) if moment else ""


@register.filter
def kz_datetime(moment: datetime | str, zone: str | None = None) -> str:
    """«2026 жылғы 11 маусым, 18:30»."""
    return dates.long_datetime(moment, zone) if moment else ""


@register.filter
def kz_moment(moment: datetime | str, zone: str | None = None) -> str:
    """«11 маусым, бейсенбі, 18:30»."""
    return dates.day_and_time(moment, zone) if moment else ""


@register.filter
def kz_near(moment: datetime | str, zone: str | None = None) -> str:
    """«бүгін, 18:30», «12 маусым, 18:30»; for the desk."""
    return dates.near_time(moment, clock.now(), zone) if moment else ""


@register.inclusion_tag(HERE + "day_strip.html")
def day_strip(strip: Sequence[Mapping[str, Any]], small: bool = False) -> dict[str, Any]:
    """The days that make a date. `strip` as `bastau.portal.strip.strip_from` gives it; `small` for a desk row."""
    return {"cells": strips.cells(strip, small=small), "small": small}


@register.inclusion_tag(HERE + "why.html")
def why(
    deadline: Any,
    filed_on: date | None = None,
    accepted_on: date | None = None,
    zone: str | None = None,
    opened: bool = False,
    bare: bool = False,
) -> dict[str, Any]:
    """ "Why this date?": strip, sentence, clause. `deadline` is one of flow, or the JSON of its reckoning.

    `opened` shows it unfolded; `bare` leaves the <details> away (a receipt, a print).
    """
    reckoning = getattr(deadline, "reckoning", deadline)
    zone = zone or reckoning.get("zone") or dates.DEFAULT_ZONE
    closed = bool(getattr(deadline, "closed_at", None))
    strip = strips.strip_from(
        reckoning, today=clock.today(zone), filed_on=filed_on, accepted_on=accepted_on, closed=closed
    )
    lang = dates.language()
    found = law.clause(reckoning["clause"].partition(":")[0])
    return {
        "strip": strip,
        "skipped": strips.skipped_days(strip),
        "length": strips.length_in_words(reckoning["term"]["length"], reckoning["term"]["unit"]),
        "from_acceptance": reckoning["term"]["start"] == "acceptance",
        "start_is_counted": reckoning["days"] and reckoning["days"][0]["date"] == reckoning["start"],
        "counted_back": dates.day_of(reckoning["due"], zone) < dates.day_of(reckoning["start"]),
        "start": dates.day_with_weekday(reckoning["start"]),
        "due": dates.day_and_time(reckoning["due"], zone),
        "clause": _cited(found, lang),
        "clause_text": found.text(lang),
        "provisional": bool(reckoning.get("provisional")),
        "opened": opened,
        "bare": bare,
    }


@register.inclusion_tag(HERE + "way.html")
def way(stage: str | None = None, told: bool = False) -> dict[str, Any]:
    """The four stops. `stage` is one of STOPS, "done" when all lie behind, or empty for one who only looks.

    `told` adds a sentence to each stop (the first page).
    """
    at = len(STOPS) if stage == "done" else STOPS.index(stage) if stage else -1
    labels = {
        "referral": (
            pgettext("stop of the way", "Referral"),
            gettext("You apply; the centre answers within the term the law sets."),
        ),
        "training": (
            pgettext("stop of the way", "Training"),
            gettext("You learn the basics of business and write your business plan."),
        ),
        "grant": (
            pgettext("stop of the way", "Grant"),
            gettext("With the certificate you may apply for money for your idea."),
        ),
        "monitoring": (
            pgettext("stop of the way", "Monitoring"),
            gettext("You start, report on the money and get advice."),
        ),
    }
    words = {"done": gettext("done"), "now": gettext("you are here"), "later": gettext("later")}
    stops = []
    for number, stop in enumerate(STOPS):
        state = "done" if number < at else "now" if number == at else "later"
        stops.append(
            {
                "label": labels[stop][0],
                "sentence": labels[stop][1] if told else "",
                "state": state,
                "words": words[state] if stage else "",
            }
        )
    return {"stops": stops, "told": told}


@register.inclusion_tag(HERE + "life_line.html")
def life_line(items: Sequence[Mapping[str, Any]], zone: str | None = None) -> dict[str, Any]:
    """What happened, what is now, what comes.

    Items: title, state (done|late|now|later); maybe when, who, note, clause, url.
    `when` is words, a date or an instant; `clause` is an id of the law or nothing.
    """
    words = {
        "done": gettext("done"),
        "late": pgettext("on the life line", "missed"),
        "now": gettext("now"),
        "later": gettext("later"),
    }
    lang = dates.language()
    return {
        "items": [
            {
                "title": item["title"],
                "state": item["state"],
                "words": words[item["state"]],
                "when": _when(item.get("when"), zone),
                "who": item.get("who") or "",
                "note": item.get("note") or "",
                "url": item.get("url") or "",
                "clause": _cited(law.clause(item["clause"]), lang) if item.get("clause") else "",
            }
            for item in items
        ]
    }


@register.simple_tag
def badge(text: str, tone: str = "plain") -> SafeString:
    """A word in a coloured pill; tone is one of TONES. The word alone must say it, the colour only helps."""
    if tone not in TONES:
        raise ValueError(f"A badge is one of {', '.join(TONES)}.")
    return format_html('<span class="badge badge--{}">{}</span>', tone, text)


@register.simple_tag
def due_badge(
    due_at: datetime, now: datetime, working_days_left: int | None = None, zone: str | None = None
) -> SafeString:
    """Late; today with hours and minutes; else working days left (or the day itself when they are not given)."""
    if now >= due_at:
        return badge(gettext("overdue"), "late")
    day, today = dates.day_of(due_at, zone), dates.day_of(now, zone)
    if day == today:
        minutes = int((due_at - now).total_seconds() // 60)
        words = {"hours": minutes // 60, "minutes": minutes % 60}
        text = gettext("%(hours)s h %(minutes)s min left") if minutes >= 60 else gettext("%(minutes)s min left")
        return badge(text % words, "soon")
    if working_days_left is None:
        return badge(dates.near_day(due_at, now, zone), "plain")
    left = ngettext("%(number)s working day left", "%(number)s working days left", working_days_left)
    return badge(left % {"number": working_days_left}, "soon" if working_days_left <= 1 else "done")


def _cited(found: law.Clause, lang: str) -> str:
    # The office's own terms are known by a technical code, which says nothing to a reader.
    return gettext("Rule of this system") if found.id.startswith("T-") else found.label(lang)


@register.simple_tag
def clause(clause_id: str) -> str:
    """The clause as people cite it: «Қағидалар, 9-тармақ»."""
    return law.clause(clause_id).label(dates.language())


@register.inclusion_tag(HERE + "action_button.html", takes_context=True)
def action_button(context: template.Context, action: Mapping[str, Any]) -> dict[str, Any]:
    """A button from {label, url, enabled, reason, primary, name, value, method, way_on, danger, fields}.

    `method`: "get" draws a link, "post" a form of its own (with the hidden `fields`), "submit" a button of the form
    around it. Not enabled: it stays visible, dashed, with `reason` beside it and `way_on` {label, url} if there is one.
    """
    method = action.get("method") or ("get" if action.get("url") else "submit")
    key = f"{action.get('name') or ''}-{action.get('value') or ''}-{action['label']}"
    tone = "primary" if action.get("primary") else "danger" if action.get("danger") else "second"
    return {
        "label": action["label"],
        "url": action.get("url") or "",
        "enabled": action.get("enabled", True),
        "reason": action.get("reason") or "",
        "way_on": action.get("way_on"),
        "name": action.get("name") or "",
        "value": action.get("value") or "",
        "fields": dict(action.get("fields") or {}),
        "method": method,
        "css": f"button button--{tone}",
        "reason_id": "why-" + "".join(char if char.isalnum() else "-" for char in key),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_block_tag(takes_context=True)
def next_step(
    context: template.Context,
    content: str,
    title: str,
    sentence: str = "",
    due_at: datetime | None = None,
    working_days_left: int | None = None,
    turn: str = "",
    action: Mapping[str, Any] | None = None,
    zone: str | None = None,
    heading: int = 2,
) -> str:
    """{% next_step title=… sentence=… due_at=… turn=… action=… %} what else belongs there {% endnext_step %}.

    Answers what now, whose turn (`turn`), by when, why. `action` is the one filled button of the page.
    """
    return render_to_string(
        HERE + "next_step.html",
        {
            "title": title,
            "sentence": sentence,
            "due_at": due_at,
            "due": dates.day_and_time(due_at, zone) if due_at else "",
            "due_badge": due_badge(due_at, clock.now(), working_days_left, zone) if due_at else "",
            "turn": turn,
            "action": {"primary": True, **action} if action else None,
            "content": content,
            "heading": str(heading),
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.simple_block_tag
def confirmation(content: str, title: str, number: str = "", number_label: str = "") -> str:
    """{% confirmation title=… number=… %} … {% endconfirmation %}: the green panel after something was done."""
    return render_to_string(
        HERE + "confirmation.html",
        {"title": title, "number": number, "number_label": number_label or gettext("Number"), "content": content},
    )


@register.simple_block_tag
def banner(content: str, title: str = "", tone: str = "info", heading: int = 2) -> str:
    """{% banner title=… tone=… %} … {% endbanner %}: a message of the page itself; tone info, done, soon or late."""
    if tone not in TONES:
        raise ValueError(f"A banner is one of {', '.join(TONES)}.")
    return render_to_string(
        HERE + "banner.html",
        {"title": title, "tone": tone, "word": _tone_word(tone), "content": content, "heading": str(heading)},
    )


@register.simple_block_tag
def table_frame(content: str, label: str, cards: bool = True) -> str:
    """{% table_frame label=… %}<table class="table">…</table>{% endtable_frame %}: may be scrolled by keyboard.

    With `cards` (the default) each row becomes a card on a phone; give every <td> a data-label.
    """
    return render_to_string(HERE + "table_frame.html", {"content": content, "label": label, "cards": cards})


@register.inclusion_tag(HERE + "filter_chips.html")
def filter_chips(chips: Sequence[Mapping[str, Any]], label: str) -> dict[str, Any]:
    """Links that narrow a list: {label, url, current, count}."""
    shown = [
        {
            "label": chip["label"],
            "url": chip["url"],
            "current": bool(chip.get("current")),
            "count": "" if chip.get("count") is None else figures.number(chip["count"]),
        }
        for chip in chips
    ]
    return {"chips": shown, "label": label}


@register.inclusion_tag(HERE + "summary_list.html")
def summary_list(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """ "Check your answers": {label, value, change_url}; a value that is empty is said to be so."""
    return {
        "rows": [
            {"label": row["label"], "value": row.get("value") or "", "change_url": row.get("change_url") or ""}
            for row in rows
        ]
    }


@register.inclusion_tag(HERE + "pages.html")
def keyset_pages(previous_url: str = "", next_url: str = "") -> dict[str, str]:
    """Previous and next of a keyset list."""
    return {"previous_url": previous_url or "", "next_url": next_url or ""}


@register.inclusion_tag(HERE + "breadcrumbs.html")
def breadcrumbs(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """{label, url} from the first page down; the last is the page itself and has no url."""
    return {"items": [{"label": item["label"], "url": item.get("url") or ""} for item in items]}


@register.inclusion_tag(HERE + "empty.html")
def empty_list(title: str, sentence: str, url: str = "", label: str = "") -> dict[str, str]:
    """Why a list is empty and what to do next."""
    return {"title": title, "sentence": sentence, "url": url, "label": label}


@register.inclusion_tag(HERE + "progress.html")
def progress(sentence: str, poll_url: str, done: int | None = None, total: int | None = None) -> dict[str, Any]:
    """A long job that may be left. `poll_url` gives this fragment again, or an HX-Redirect when it is done."""
    known = done is not None and bool(total)
    return {
        "sentence": sentence,
        "poll_url": poll_url,
        "done": str(done) if known else "",
        "total": str(total) if known else "",
    }


@register.inclusion_tag(HERE + "error_summary.html")
def error_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """What is to be mended, first on the page, each line leading to its field. Nothing when all is well."""
    found = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        found += [{"text": text, "target": ""} for text in form.non_field_errors()]
        for bound in form:
            # A group of choices has no element of its own name; its first choice is where the link leads.
            target = bound.id_for_label or f"{bound.auto_id}_0"
            found += [{"text": text, "label": bound.label, "target": target} for text in bound.errors]
    return {"errors": [{"label": "", **error} for error in found]}


@register.inclusion_tag(HERE + "languages.html", takes_context=True)
def language_switch(context: template.Context) -> dict[str, Any]:
    """Қаз · Рус · Eng: a form that keeps the page."""
    active = dates.language()
    short = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
    request = context.get("request")
    page = ""
    if request is not None:
        page = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return {
        "languages": [
            {"code": code, "short": word, "name": get_language_info(code)["name_local"], "current": code == active}
            for code, word in short.items()
        ],
        "next": page or "/",
        "action": url_or_nothing("set_language"),
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def url_or_nothing(name: str, *args: Any) -> str:
    """The address of a named page, or nothing when that part is not installed: what is not built has no button."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _when(value: date | datetime | str | None, zone: str | None) -> str:
    if isinstance(value, datetime):
        return f"{dates.short_day(value, zone)}, {dates.clock_time(value, zone)}"
    return dates.short_day(value) if isinstance(value, date) else str(value or "")


def _tone_word(tone: str) -> str:
    return {
        "plain": gettext("Note"),
        "info": gettext("Note"),
        "done": gettext("Done"),
        "soon": gettext("Attention"),
        "late": gettext("There is a problem"),
    }[tone]
