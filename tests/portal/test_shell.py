import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from bastau.portal import context, gallery, nav, views

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted(
    path
    for path in (ROOT / "templates").rglob("*.html")
    if path.relative_to(ROOT / "templates").parts[0] not in {"papers", "mail"}
)
LAST_RESORT = ["400.html", "403_csrf.html", "500.html", "bare.html"]


@pytest.fixture
def request_(monkeypatch):
    monkeypatch.setattr(nav, "_main", [])
    monkeypatch.setattr(nav, "_demo", [])
    found = RequestFactory().get("/case/7/")
    found.user = AnonymousUser()
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_page_has_no_inline_script_or_style(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on", html)


@pytest.mark.parametrize("name", LAST_RESORT)
def test_page_of_last_resort_asks_nothing_of_anyone(name):
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert set(re.findall(r"\{%\s*(\w+)", source)) <= {"extends", "block", "endblock", "comment", "endcomment"}
    assert "{{" not in source


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_page_of_last_resort_speaks_three_languages(name):
    html = render_to_string(name)
    assert '<html lang="kk">' in html
    assert 'lang="ru"' in html
    assert 'lang="en"' in html


@pytest.mark.parametrize("name", ["403.html", "404.html"])
def test_refusal_pages_stand_in_the_shell(name, request_, lang):
    html = render_to_string(name, {}, request_)
    assert f'<html lang="{lang}">' in html
    assert 'id="main"' in html


def test_entry_of_the_longest_matching_address_is_where_we_stand(request_):
    nav.register(lambda request: [{"label": "a", "url": "/"}, {"label": "b", "url": "/case/"}])
    nav.register(lambda request: [{"label": "c", "url": "/case/7/"}])
    assert [entry["label"] for entry in nav.main_entries(request_) if entry["current"]] == ["c"]


def test_source_registered_twice_speaks_once(request_):
    def source(request):
        return [{"label": "a", "url": "/a/"}]

    nav.register(source)
    nav.register(source)
    assert len(nav.main_entries(request_)) == 1


def test_header_is_not_asked_for_until_it_is_drawn(request_):
    asked = []
    nav.register(lambda request: asked.append(1) or [])
    found = context.shell(request_)
    assert not asked
    list(found["main_nav"])
    assert asked == [1]


@pytest.mark.django_db
def test_start_button_leads_to_the_registered_entry(request_):
    nav.register(lambda request: [{"label": "Өтініш беру", "url": "/apply/", "start": True}])
    html = views.home(request_).content.decode()
    assert '<a class="button button--primary button--big" href="/apply/">Өтініш беру</a>' in html


@pytest.mark.django_db
def test_first_page_has_no_start_button_when_nothing_can_be_started(request_):
    assert "button--primary" not in views.home(request_).content.decode()


def test_demo_bar_is_absent_in_live_mode(request_, settings):
    settings.BASTAU_MODE = "live"
    assert 'class="demo"' not in views.accessibility(request_).content.decode()


def test_demo_bar_shows_the_moved_clock(request_, kk):
    assert "2026 жылғы 10 маусым, 13:18" in views.accessibility(request_).content.decode()


def test_gallery_does_not_exist_in_live_mode(request_, settings):
    settings.BASTAU_MODE = "live"
    with pytest.raises(Http404):
        gallery.page(request_)


def test_gallery_stands_in_both_shells(request_, lang):
    assert 'class="citizen"' in gallery.page(request_).content.decode()
    staff = RequestFactory().get("/gallery/?staff")
    staff.user = AnonymousUser()
    assert 'class="staff"' in gallery.page(staff).content.decode()


@pytest.mark.parametrize(("text", "words"), [("kk", "3 (үш) жұмыс күні"), ("ru", "3 (три) рабочих дня")])
def test_standard_is_told_in_its_official_words(request_, text, words):
    request_.GET = {"text": text}
    html = views.standard(request_).content.decode()
    assert words in html
    assert html.count("<dt>") == 10


def test_staff_shell_warns_of_the_end_of_an_idle_session(request_, settings):
    class Staff:
        is_authenticated = is_staff = True

    request_.user = Staff()
    assert context.shell(request_)["idle_seconds"] == str(settings.STAFF_IDLE_SECONDS)


@pytest.mark.django_db
def test_undefined_variables_are_found_in_no_shell(request_):
    strict = engines["django"].engine
    before, strict.string_if_invalid = strict.string_if_invalid, "UNDEFINED %s"
    try:
        html = gallery.page(request_).content.decode() + views.home(request_).content.decode()
    finally:
        strict.string_if_invalid = before
    assert "UNDEFINED" not in html
