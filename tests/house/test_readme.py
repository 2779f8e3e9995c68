"""README.md speaks of nothing that the tree does not have."""

import json
import os
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PICTURES = ROOT / "docs" / "pictures"
LINKS = re.findall(r"\]\(([^)]+)\)", README)
SHOWN = sorted({*re.findall(r"!\[[^]]+\]\(([^)]+)\)", README), *re.findall(r'<img src="([^"]+)"', README)})
LIMIT = 200_000  # bytes of one picture


def rows_after(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, cell by cell."""
    part = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_script_it_names_can_be_run() -> None:
    named = set(re.findall(r"\bbin/[a-z]+\b(?!/)", README.replace(".venv/bin/python", "")))
    assert {"bin/demo", "bin/test"} <= named
    assert [name for name in named if not os.access(ROOT / name, os.X_OK)] == []


def test_every_script_of_the_house_is_named() -> None:
    assert [path.name for path in (ROOT / "bin").iterdir() if f"bin/{path.name}" not in README] == []


def test_every_command_of_manage_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z]+)", README))
    assert {"due", "law", "journal", "rights", "simulate"} <= named
    assert named <= set(get_commands())


def test_the_explained_date_is_what_the_command_says() -> None:
    block = re.search(r"```console\n\$ \.venv/bin/python manage\.py (due .+)\n((?:.+\n)+?)```", README)
    assert block is not None
    said = StringIO()
    call_command(*shlex.split(block[1]), stdout=said)
    assert said.getvalue() == block[2]


def test_every_link_leads_into_the_tree() -> None:
    assert [link for link in LINKS if not (ROOT / link).exists()] == []


def test_every_picture_is_shown_and_every_shown_one_exists() -> None:
    assert sorted(f"docs/pictures/{path.name}" for path in PICTURES.iterdir()) == SHOWN


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_is_small_and_whole(name: str) -> None:
    assert (ROOT / name).stat().st_size < LIMIT
    with Image.open(ROOT / name) as picture:
        picture.load()


def test_the_map_lists_every_folder_and_no_other() -> None:
    listed = sorted(re.findall(r"`([^`]+)/`", " ".join(row[0] for row in rows_after("The map of the house"))))
    packages = [path.parent for path in [*ROOT.glob("*/apps.py"), *ROOT.glob("bastau/*/__init__.py")]]
    others = [ROOT / name for name in ("templates", "fixtures", "locale", "docs", "tests", "bin")]
    known = {str(path.relative_to(ROOT)) for path in [*packages, *others]}
    assert listed == sorted(known - {"bastau/migrations"})


def test_every_persona_is_introduced() -> None:
    people = json.loads((ROOT / "fixtures" / "personas.json").read_text())
    introduced = " ".join(row[0] for row in rows_after("Sample people"))
    assert [one["persona"] for one in people if f"{one['given_name']} {one['surname']}" not in introduced] == []


def test_every_value_that_the_deployment_demands_is_named_and_no_other() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    named = {name for row in rows_after("A real deployment") for name in re.findall(r"`([A-Z_]+)`", row[0])}
    assert set(re.findall(r"\$\{([A-Z_]+):\?\}", compose)) <= named
    assert named <= set(re.findall(r"\$\{([A-Z_]+)", compose))


def test_each_decision_says_what_and_why_under_a_number_of_its_own() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:5] for page in pages] == [f"{number:04}-" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text().startswith("# "), page.name
