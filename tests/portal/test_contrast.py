"""Every pair of text and ground in the stylesheet holds WCAG's contrast, in light, dark and print."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "bastau/portal/static/portal/bastau.css").read_text(encoding="utf-8")
RULES = CSS[CSS.index("/* --- ground */") :]
TEXT, SHAPE = 4.5, 3.0

#: Text that inherits its ground from what it stands in.
INHERITED = [
    *[("ink", ground) for ground in ("paper", "card", "off-bg")],
    *[("soft", ground) for ground in ("paper", "card", "off-bg", "sky-light", "done-bg", "soon-bg", "late-bg")],
    *[("sky", ground) for ground in ("paper", "card", "off-bg", "sky-light", "done-bg", "soon-bg", "late-bg")],
    *[("sky-dark", ground) for ground in ("paper", "card", "off-bg", "sky-light", "done-bg", "soon-bg", "late-bg")],
    *[("late", ground) for ground in ("paper", "card", "late-bg")],
    *[("done", ground) for ground in ("paper", "card")],
    *[("off", ground) for ground in ("off-bg", "off-stripe")],
    ("on-top", "top"),
    ("on-demo", "demo"),
]
#: Shapes that say something: borders of fields, rings, dots, strips.
SHAPES = [
    *[("edge", ground) for ground in ("card", "paper", "waiting-bg")],
    *[("sky", ground) for ground in ("card", "paper")],
    *[("done", ground) for ground in ("card", "paper")],
    *[("late", ground) for ground in ("card", "paper", "late-bg")],
    *[("fill", ground) for ground in ("card",)],
    *[("on-gold", "gold"), ("gold", "ring"), ("gold", "top"), ("card", "late")],
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def schemes() -> dict[str, dict[str, str]]:
    light, dark, printed = re.findall(r":root \{(.*?)\}", CSS, re.S)
    return {
        "light": tokens(light),
        "dark": {**tokens(light), **tokens(dark)},
        "print": {**tokens(light), **tokens(printed)},
    }


def stated_pairs() -> set[tuple[str, str]]:
    """Rules that set both the text's colour and its ground."""
    found = set()
    for body in re.findall(r"\{([^{}]*)\}", RULES):
        text = re.search(r"(?<![\w-])color:\s*var\(--([\w-]+)\)", body)
        ground = re.search(r"background(?:-color)?:\s*var\(--([\w-]+)\)", body)
        if text and ground:
            found.add((text[1], ground[1]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize("pair", sorted({*INHERITED, *stated_pairs()}), ids=" on ".join)
def test_text_can_be_read(scheme, pair):
    colours = schemes()[scheme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", SHAPES, ids=" on ".join)
def test_shape_can_be_seen(scheme, pair):
    colours = schemes()[scheme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= SHAPE


def test_contrast_is_reckoned_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_pairs_are_found_in_the_stylesheet():
    assert ("on-fill", "fill") in stated_pairs()


def test_colours_stand_in_tokens_only():
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", RULES)


def test_every_token_used_is_defined():
    defined = set(re.findall(r"--([\w-]+):", CSS))
    assert set(re.findall(r"var\(--([\w-]+)\)", RULES)) <= defined


def test_dark_scheme_restates_every_text_colour_of_the_light_one():
    light, dark, _ = re.findall(r":root \{(.*?)\}", CSS, re.S)
    assert set(tokens(light)) == set(tokens(dark))
