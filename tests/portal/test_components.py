from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from bastau.portal.templatetags import bastau_ui as ui
from tests.portal.conftest import NOW
from tests.portal.reckonings import ACCEPTED, FILED, reckoning


def draw(source: str, **context) -> str:
    return Template(source).render(Context({"csrf_token": "token", **context}))


def test_strip_is_a_list_with_words_for_every_day(kk):
    html = draw("{% why deadline filed_on=filed %}", deadline=reckoning(), filed=FILED)
    assert '<ol class="strip"' in html
    assert html.count('<li class="day') == html.count('class="unseen"') == 7


def test_skipped_day_opens_its_reason_from_the_keyboard(kk):
    html = draw("{% why deadline filed_on=filed %}", deadline=reckoning(), filed=FILED)
    assert html.count('<button type="button" class="day__face" data-tip>') == 2
    assert "Saturday kk" in html


def test_why_cites_the_clause_and_the_last_moment(kk):
    html = draw("{% why deadline accepted_on=accepted %}", deadline=reckoning(), accepted=ACCEPTED)
    assert "<summary>" in html
    assert "11 маусым, бейсенбі, 18:30" in html
    assert ui.law.clause("118-p06").label("kk") in html
    assert ui.law.clause("118-p06").text("kk") in html


def test_why_says_so_when_the_year_has_no_decree_yet(kk):
    said = "badge--soon"
    assert said in draw("{% why deadline %}", deadline=reckoning(provisional=True))
    assert said not in draw("{% why deadline %}", deadline=reckoning())


def test_why_of_a_valued_clause_cites_its_clause(kk):
    keyed = reckoning(clause="118-p06:any")
    assert ui.law.clause("118-p06").label("kk") in draw("{% why deadline %}", deadline=keyed)


def test_term_of_the_house_is_cited_in_words_not_by_its_code(kk):
    html = draw("{% why deadline %}", deadline=reckoning(clause="T-SC-CHECK"))
    assert "T-SC-CHECK" not in html
    assert ui.law.clause("T-SC-CHECK").text("kk") in html


def test_way_marks_where_we_stand():
    html = draw("{% way 'training' %}")
    assert html.count("way__stop--done") == 1
    assert html.count('aria-current="step"') == 1
    assert html.count("way__stop--later") == 2


def test_way_behind_us_has_no_stop_left():
    assert draw("{% way 'done' %}").count("way__stop--done") == 4


def test_unknown_stop_is_a_mistake():
    with pytest.raises(ValueError):
        ui.way("somewhere")


def test_life_line_shows_instants_in_the_given_zone(kk):
    items = [{"title": "Қабылданды", "state": "done", "when": NOW, "clause": "118-p06"}]
    html = draw("{% life_line items 'Asia/Almaty' %}", items=items)
    assert "10 маусым, 13:18" in html
    assert ui.law.clause("118-p06").label("kk") in html


@pytest.mark.parametrize(
    ("due", "left", "tone"),
    [
        (NOW - timedelta(seconds=1), None, "late"),
        (NOW + timedelta(hours=5, minutes=12), None, "soon"),
        (NOW + timedelta(minutes=12), None, "soon"),
        (NOW + timedelta(days=1), 1, "soon"),
        (NOW + timedelta(days=2), 2, "done"),
        (NOW + timedelta(days=2), None, "plain"),
    ],
)
def test_due_badge_has_the_tone_of_what_is_left(due, left, tone):
    assert f"badge--{tone}" in ui.due_badge(due, NOW, left)


def test_term_that_ends_this_very_moment_is_late():
    assert "badge--late" in ui.due_badge(NOW, NOW)


def test_due_badge_of_today_tells_hours_and_minutes():
    badge = ui.due_badge(NOW + timedelta(hours=5, minutes=12), NOW)
    assert "5" in badge
    assert "12" in badge


def test_due_badge_knows_today_by_the_office_not_by_utc():
    now = datetime(2026, 6, 10, 19, 30, tzinfo=UTC)
    assert "badge--soon" in ui.due_badge(datetime(2026, 6, 11, 13, 30, tzinfo=UTC), now, zone="Asia/Almaty")


def test_badge_escapes_its_word():
    assert "&lt;b&gt;" in ui.badge("<b>", "info")


def test_unknown_tone_is_a_mistake():
    with pytest.raises(ValueError):
        ui.badge("x", "purple")


WAITING = {
    "label": "Аяқтау",
    "enabled": False,
    "reason": "Тізілім жауап бермеді.",
    "way_on": {"label": "Қолмен белгілеу", "url": "/manual/"},
    "url": "/finish/",
    "method": "post",
}


def test_button_that_may_not_be_pressed_stays_with_its_reason_and_the_way_on():
    html = draw("{% action_button action %}", action=WAITING)
    assert 'aria-disabled="true"' in html
    assert "Тізілім жауап бермеді." in html
    assert 'href="/manual/"' in html
    assert "<form" not in html
    assert "/finish/" not in html


def test_reason_is_tied_to_its_button():
    html = draw("{% action_button action %}", action=WAITING)
    reason_id = html.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{reason_id}"' in html


def test_post_button_is_a_form_with_its_token_and_hidden_fields():
    action = {"label": "Қол қою", "url": "/sign/", "method": "post", "fields": {"version": "7"}}
    html = draw("{% action_button action %}", action=action)
    assert '<form class="action" method="post" action="/sign/">' in html
    assert "csrfmiddlewaretoken" in html
    assert '<input type="hidden" name="version" value="7">' in html


def test_next_step_has_one_filled_button_and_what_stands_inside():
    html = draw(
        "{% next_step title='Жоспар' due_at=due action=action %}<p>ішінде</p>{% endnext_step %}",
        due=NOW + timedelta(hours=2),
        action={"label": "Ашу", "url": "/plan/"},
    )
    assert html.count("button--primary") == 1
    assert "<p>ішінде</p>" in html


def test_error_summary_leads_to_each_field():
    class Two(forms.Form):
        name = forms.CharField(label="Аты")
        town = forms.CharField(label="Қаласы")

    html = draw("{% error_summary form %}", form=Two({}))
    assert 'href="#id_name"' in html
    assert 'href="#id_town"' in html


@pytest.mark.parametrize(
    ("label", "said"),
    [("Name", ">Name: Say it.<"), ("What name?", ">What name? Say it.<"), ("It is my name.", ">Say it.<")],
)
def test_error_summary_sets_no_stop_beside_a_stop(label, said):
    class One(forms.Form):
        one = forms.CharField(label=label, error_messages={"required": "Say it."})

    assert said in draw("{% error_summary form %}", form=One({}))


def test_error_summary_is_absent_when_all_is_well():
    assert draw("{% error_summary form %}", form=forms.Form({})).strip() == ""


def test_language_switch_keeps_the_page_with_its_query():
    request = RequestFactory().get("/standard/?text=ru")
    assert 'value="/standard/?text=ru"' in draw("{% language_switch %}", request=request)


def test_keyset_pages_are_absent_on_the_only_page():
    assert draw("{% keyset_pages '' '' %}").strip() == ""


def test_summary_says_that_an_answer_is_missing(kk):
    html = draw("{% summary_list rows %}", rows=[{"label": "Телефон", "value": "", "change_url": "/phone/"}])
    assert '<dd><span class="soft">' in html
    assert 'href="/phone/"' in html


def test_progress_asks_for_itself_again():
    assert 'hx-get="/fragment/"' in draw("{% progress 'Дайындалуда' '/fragment/' 3 7 %}")
