"""What is printed: PDF/A, fonts, glyphs on rendered pixels, and the words of each annex (SPEC 2.1–2.5, 2.18)."""

from __future__ import annotations

import html as html_words
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from django.template import Context, Template
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops
from pypdf import PdfReader

from bastau.papers import printing
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper
from tests.papers.facts import ADDRESS, CENTRE, DIRECTOR, FACTS, NAME

EMPTY: dict[str, Any] = {"sheets": None, "contacts": [], "seal": False, "ground": 1}
KINDS = tuple(FACTS)
# Each letter of Kazakh that Russian lacks, with the Russian letter a wrong font would print in its place.
LETTERS = dict(zip("әғқңөұүһіӘҒҚҢӨҰҮҺІ", "агкноуухиАГКНОУУХИ", strict=True))


def paper(kind: str, language: str = "kk", **facts: Any) -> Paper:
    return Paper(
        kind=kind,
        language=language,
        facts=FACTS[kind] | facts,
        code="0123456789abcdefABCDEF_-xyz",
        number="ЖЛ-35-2026-000001" if kind_of(kind).series else "",
        asked_at=datetime(2026, 6, 5, 6, tzinfo=UTC),
    )


@cache
def pdf(kind: str, language: str = "kk") -> bytes:
    return printing.to_pdf(paper(kind, language))


def text_of(html: str) -> str:
    """Words of a page: tags are gaps, but those inside a line (blanks) are not."""
    html = re.sub(r"<(style|svg|head)\b.*?</\1>", " ", html, flags=re.S)
    html = re.sub(r"<br\s*/?>|</?(p|div|h1|t[dhr]|table|dl|dt|dd)\b[^>]*>", " ", html)
    text = re.sub(r"<[^>]+>", "", html)
    return " ".join(html_words.unescape(text).split())


def said(kind: str, language: str = "kk", *, empty: bool = False, **facts: Any) -> str:
    """The words of a paper; `empty` leaves every blank unfilled."""
    if empty:
        facts = {name: EMPTY.get(name, "") for name in FACTS[kind]} | facts
    return text_of(printing.html_of(paper(kind, language, **facts)))


def printed(kind: str, language: str = "kk") -> str:
    pages = PdfReader(io.BytesIO(pdf(kind, language))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# ------------------------------------------------------------------------------------------------ PDF/A


def objects(content: bytes) -> Iterator[Any]:
    reader = PdfReader(io.BytesIO(content))
    for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1):
        yield reader.get_object(number)


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_say_pdf_a_2b(kind: str) -> None:
    metadata = PdfReader(io.BytesIO(pdf(kind))).trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part(>|=\")2", metadata)
    assert re.search(r"pdfaid:conformance(>|=\")B", metadata)


def test_there_is_an_srgb_output_intent_with_its_profile() -> None:
    intent = PdfReader(io.BytesIO(pdf("referral_a5"))).trailer["/Root"]["/OutputIntents"][0].get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"


@pytest.mark.parametrize("kind", KINDS)
def test_every_font_is_embedded_and_ours(kind: str) -> None:
    fonts = [
        thing for thing in objects(pdf(kind)) if isinstance(thing, dict) and thing.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    for font in fonts:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font)
        assert re.search(r"PT-?Serif|Noto-?Serif", str(font["/FontName"]))


def test_the_file_has_title_language_and_identifier() -> None:
    reader = PdfReader(io.BytesIO(pdf("referral_a5")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Оқуға жолдама № ЖЛ-35-2026-000001"
    assert reader.trailer["/Root"]["/Lang"] == "kk"
    assert len(reader.trailer["/ID"]) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_same_facts_give_the_same_bytes(kind: str, language: str) -> None:
    assert printing.to_pdf(paper(kind, language)) == pdf(kind, language)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_each_paper_is_one_sheet(kind: str, language: str) -> None:
    assert len(PdfReader(io.BytesIO(pdf(kind, language))).pages) == 1


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_both_parts_of_a_referral_stay_on_one_sheet_with_the_longest_names(language: str) -> None:
    long = paper(
        "referral_a5",
        language,
        name="Әбдірахмановқызы " * 5,
        address="Қарағанды облысы, Теміртау қаласы, Бейбітшілік көшесі, 12-үй, 34-пәтер, " * 3,
        centre=CENTRE["kk"] * 2,
    )
    assert len(PdfReader(io.BytesIO(printing.to_pdf(long))).pages) == 1


def right_edge(content: bytes) -> float:
    """Where the rightmost letter of the first sheet ends, in points from its left edge."""
    with pypdfium2.PdfDocument(content) as document:
        text = document[0].get_textpage()
        return max(text.get_charbox(n)[2] for n in range(text.count_chars()))


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_long_address_of_e_mail_stays_inside_its_cell(language: str) -> None:
    long = paper("referral_a5", language, contacts=["+77000000000", f"{'q' * 50}@example.kz"])
    sheet, margin = 595.3, 16 / 25.4 * 72
    assert right_edge(printing.to_pdf(long)) <= sheet - margin + 3  # a full stop may hang over by a hair


def test_a_long_refusal_runs_over_numbered_pages() -> None:
    pages = PdfReader(io.BytesIO(printing.to_pdf(paper("service_refusal", reasons="Дәлел сөйлемі. \n\n" * 60)))).pages
    assert len(pages) > 1
    assert f"1 / {len(pages)}" in pages[0].extract_text()


def test_nothing_is_fetched() -> None:
    fetcher = printing.OwnFontsOnly(fail_on_errors=True)
    for url in ("https://example.kz/x.png", "file:///etc/passwd", "data:image/png;base64,AA", "http://127.0.0.1/"):
        with pytest.raises(printing.AddressRefused):
            fetcher.fetch(url)


# ------------------------------------------------------------------------------------------------ glyphs


def glyph(family: str, weight: str, style: str, sign: str) -> Image.Image:
    """The sign alone, large, as a PDF viewer draws it."""
    html = f"<html lang='kk'><body><p style='font:{style} {weight} 60pt {family}; margin: 0'>{sign}</p></body></html>"
    css, fonts = printing._style()
    page = printing.HTML(string=html, base_url=printing.FONTS.as_uri() + "/").write_pdf(
        stylesheets=[css], font_config=fonts, pdf_variant="pdf/a-2b"
    )
    drawn = pypdfium2.PdfDocument(page)[0].render(scale=1).to_pil().convert("L")
    return drawn.crop((40, 30, 240, 200))


def ink(image: Image.Image) -> int:
    return sum(image.histogram()[:128])


def differs(one: Image.Image, other: Image.Image) -> bool:
    return sum(ImageChops.difference(one, other).histogram()[64:]) > 20


@pytest.mark.parametrize("family", ['"PT Serif"', '"Noto Serif"'])
@pytest.mark.parametrize(("weight", "style"), [("normal", "normal"), ("bold", "normal"), ("normal", "italic")])
def test_every_kazakh_letter_is_drawn_as_itself(family: str, weight: str, style: str) -> None:
    file = {("normal", "normal"): "Regular", ("bold", "normal"): "Bold", ("normal", "italic"): "Italic"}[weight, style]
    known = TTFont(printing.FONTS / f"{family.strip(chr(34)).replace(' ', '')}-{file}.ttf").getBestCmap()
    missing = glyph(family, weight, style, "\U000f0001")
    for letter, neighbour in LETTERS.items():
        drawn = glyph(family, weight, style, letter)
        assert ord(letter) in known, letter
        assert ink(drawn) > 50, f"{letter} is blank"
        assert differs(drawn, glyph(family, weight, style, neighbour)), f"{letter} looks like {neighbour}"
        assert differs(drawn, missing), f"{letter} is the sign of a missing glyph"


def test_no_two_kazakh_letters_are_drawn_alike() -> None:
    drawn = {letter: glyph('"PT Serif"', "normal", "normal", letter) for letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІ"}
    for one, other in pairwise([*drawn, "ә"]):
        assert differs(drawn[one], drawn[other])


def test_kazakh_words_can_be_copied_out_of_the_file() -> None:
    assert NAME in printed("referral_a5")


# ------------------------------------------------------------------------------------------------ annex 1

A1 = {
    "kk": [
        '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқыту қағидаларына 1-қосымша',
        "Нысан",
        "Халықты жұмыспен қамту орталығының директорына",
        "мекенжайы бойынша тұратын",
        "Өтініш",
        "Қазақстан Республикасы Үкіметінің 2018 жылғы 13 қарашадағы № 746 қаулысымен бекітілген Нәтижелі жұмыспен "
        "қамтуды және жаппай кәсіпкерлікті дамытудың 2017 – 2021 жылдарға арналған "
        '"Еңбек" мемлекеттік бағдарламасының екінші бағыты шеңберінде "Бастау Бизнес" кәсіпкерлік негіздеріне '
        "оқытуға қатысуға жолдама беруіңізді сұраймын.",
        "Қосымша ___ парақта (қажеттілігіне қарай): жеке басты куәландыратын құжаттың көшірмесі.",
        "Жұмыспен қамтуға жәрдемдесудің көзделіп отырған белсенді шараларын алуға қажетті менің дербес "
        "деректерімді жинауға және өңдеуге келісімімді беремін.",
        "Ақпараттық жүйелерде қамтылған, заңмен қорғалатын құпияларды құрайтын мәліметтерді пайдалануға келісемін.",
    ],
    "ru": [
        "Приложение 1 к Правилам обучения основам предпринимательства по проекту «Бастау Бизнес»",
        "Форма",
        "Директору центра занятости населения",
        "проживающего(-ей) по адресу:",
        "(фамилия, имя, отчество (при его наличии))",
        "Заявление",
        "Прошу выдать мне направление на участие в обучении основам предпринимательства «Бастау Бизнес» в рамках "
        "второго направления Государственной программы развития продуктивной занятости и массового "
        "предпринимательства на 2017 – 2021 годы «Еңбек», утвержденной постановлением Правительства Республики "
        "Казахстан от 13 ноября 2018 года № 746.",
        "Приложение на ___ листах (при необходимости): копия документа, удостоверяющего личность.",
        "Даю согласие на сбор и обработку моих персональных данных, необходимых для получения предусмотренных "
        "активных мер содействия занятости.",
        "Согласен(-на) на использование сведений, составляющих охраняемую законом тайну, содержащихся в "
        "информационных системах.",
    ],
}
RECEIPT = {
    "kk": [
        "(кесу сызығы)",
        'өтініші 20___ жылғы "___" __________ қабылданып, №',
        "болып тіркелді.",
        "Құжаттарды қабылдаған адамның аты, әкесінің аты (бар болса), тегі, лауазымы және қолы:",
    ],
    "ru": [
        "(линия отреза)",
        "принято «___» __________ 20___ года и зарегистрировано под №",
        "Имя, отчество (при его наличии), фамилия, должность и подпись лица, принявшего документы:",
    ],
}


@pytest.mark.clause("118-a1")
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("kind", ["application_a1", "acceptance_receipt"])
def test_annex_1_has_every_sentence_of_the_form(kind: str, language: str) -> None:
    words = said(kind, language, empty=True)
    for sentence in A1[language]:
        assert sentence in words


@pytest.mark.clause("118-a1")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_annex_1_is_filled(language: str) -> None:
    words = said("application_a1", language)
    for fact in (ADDRESS[language], NAME, DIRECTOR):
        assert fact in words
    assert ("Қосымша 3 парақта" if language == "kk" else "Приложение на 3 листах") in words


@pytest.mark.clause("118-a1")
def test_in_kazakh_the_address_stands_before_its_words_and_the_name_after() -> None:
    assert f"{ADDRESS['kk']} мекенжайы бойынша тұратын {NAME}" in said("application_a1")


@pytest.mark.clause("118-a1")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_tear_off_has_every_word_of_the_form(language: str) -> None:
    words = said("acceptance_receipt", language, empty=True)
    for sentence in RECEIPT[language]:
        assert sentence in words


@pytest.mark.clause("118-a1")
def test_the_tear_off_names_applicant_date_number_acceptor_and_result() -> None:
    words = said("acceptance_receipt")
    assert f'{NAME} өтініші 2026 жылғы "5" маусым қабылданып, № БО-35-2026-000017 болып тіркелді.' in words
    assert "Мадина Һасенова, маман" in words
    assert "Нәтижені алу күні: 2026 жылғы 10 маусым" in words
    russian = said("acceptance_receipt", "ru")
    assert f"{NAME} принято «5» июня 2026 года и зарегистрировано под № БО-35-2026-000017" in russian
    assert "Дата получения результата: 10 июня 2026 года" in russian


def test_the_portals_application_has_no_tear_off() -> None:
    assert "(кесу сызығы)" not in said("application_a1")


# ------------------------------------------------------------------------------------------------ annex 3

A3 = {
    "kk": [
        '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқытуға жолдама беру" қағидаларына 3-қосымша',
        "Нысан",
        '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқытуға жолдама беруден бас тарту туралы қолхат',
        "Тегі, аты, әкесінің аты (болған жағдайда)",
        "Өтінішті қабылдамау себебі:",
        "(себебін көрсету)",
        "(халықты жұмыспен қамту орталығының атауы)",
        'Берілген күні: 20___ жылғы "___" __________',
        "Халықты жұмыспен қамту орталығының директоры",
    ],
    "ru": [
        "Приложение 3 к Правилам «Выдача направления на обучение основам предпринимательства по проекту "
        "«Бастау Бизнес»",
        "Форма",
        "Расписка об отказе в выдаче направления на обучение основам предпринимательства по проекту «Бастау Бизнес»",
        "Фамилия, имя, отчество (при его наличии)",
        "Причина непринятия заявления:",
        "(указать причину)",
        "(наименование центра занятости населения)",
        "Дата выдачи: «___» __________ 20___ года",
        "Директор центра занятости населения",
    ],
}


@pytest.mark.clause("118-a3")
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("kind", ["refusal_a3", "service_refusal"])
def test_annex_3_has_every_sentence_of_the_form(kind: str, language: str) -> None:
    words = said(kind, language, empty=True)
    for sentence in A3[language]:
        assert sentence in words


@pytest.mark.clause("118-a3")
def test_annex_3_is_filled() -> None:
    words = said("refusal_a3")
    for fact in (NAME, "Қолданылу мерзімі өтіп кеткен құжат ұсынылды", "Жеке куәлік", CENTRE["kk"], DIRECTOR):
        assert fact in words
    assert 'Берілген күні: 2026 жылғы "5" маусым' in words
    assert "Дата выдачи: «5» июня 2026 года" in said("refusal_a3", "ru")


@pytest.mark.clause("118-a3")
def test_at_the_state_corporation_the_directors_line_is_empty_and_who_refused_signs_below() -> None:
    words = said("refusal_a3", director="", refused_by="Һасенова Мадина, оператор")
    assert DIRECTOR not in words
    assert words.index("Һасенова Мадина, оператор") > words.index("Халықты жұмыспен қамту орталығының директоры")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_reasoned_refusal_says_ground_rule_reasons_what_to_mend_and_the_appeal(language: str) -> None:
    words = said("service_refusal", language)
    facts = FACTS["service_refusal"]
    for fact in (
        facts["reason"][language],
        facts["rule"][language],
        facts["reasons"],
        facts["evidence"],
        facts["mend"],
    ):
        assert fact in words
    assert {
        "kk": "Нәтижемен келіспеген жағдайда шағым беруге немесе сотқа жүгінуге құқығыңыз бар",
        "ru": "При несогласии с результатом Вы вправе подать жалобу или обратиться в суд",
    }[language] in words


def test_typed_reasons_cannot_bring_markup_into_a_paper() -> None:
    html = printing.html_of(paper("service_refusal", reasons="<script>alert(1)</script>"))
    assert "<script>" not in html


# ------------------------------------------------------------------------------------------------ annex 5

A5 = {
    "kk": [
        '"___________облысы _________________ауданы/қаласы әкімдігінің халықты жұмыспен қамту орталығы" коммуналдық '
        "мемлекеттік мекемесі Қазақстан Республикасы Үкіметінің 2018 жылғы 13 қарашадағы № 746 қаулысымен бекітілген "
        '"Нәтижелі жұмыспен қамтуды және жаппай кәсіпкерлікті дамытудың 2017-2021 жылдарға арналған "Еңбек" '
        "мемлекеттік бағдарламасының екінші бағыты шеңберінде кәсіпкерлік негіздеріне оқуға үміткер қатысушы "
        "мәртебесіне сәйкес келетінін хабарлайды.",
        "Тегі, аты, әкесінің аты (болған жағдайда) Мәртебесі Тұрғылықты мекен-жайы Байланыс деректері",
        "Тегі, аты, әкесінің аты (болған жағдайда) қолы",
        'Берілген күні 20___ жылғы "___" __________.',
        "Мөр орны (болған жағдайда)",
    ],
    "ru": [
        "Коммунальное государственное учреждение «Центр занятости населения акимата ___________ области "
        "_________________ района/города» сообщает, что претендент на обучение основам предпринимательства в рамках "
        "второго направления Государственной программы развития продуктивной занятости и массового "
        "предпринимательства на 2017-2021 годы «Еңбек», утвержденной постановлением Правительства Республики "
        "Казахстан от 13 ноября 2018 года № 746, соответствует статусу участника.",
        "Фамилия, имя, отчество (при его наличии) Статус Адрес места жительства Контактные данные",
        "Фамилия, имя, отчество (при его наличии) подпись",
        "Дата выдачи «___» __________ 20___ года.",
        "Место печати (при наличии)",
    ],
}
TITLE = {"kk": "Оқуға жолдама", "ru": "Направление на обучение"}
CUT = {"kk": "(кесу сызығы)", "ru": "(линия отреза)"}


def parts(words: str, language: str) -> list[str]:
    """Both parts of a referral, each from its title on."""
    return [half[half.index(TITLE[language]) :] for half in words.split(CUT[language])]


@pytest.mark.clause("118-a5")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_annex_5_has_every_sentence_in_both_parts(language: str) -> None:
    words = said("referral_a5", language, empty=True, seal=True)
    first, second = parts(words, language)
    for sentence in A5[language]:
        assert sentence in first
        assert sentence in second


@pytest.mark.clause("118-a5")
def test_annex_5_has_its_mark_form_and_addressee() -> None:
    words = said("referral_a5")
    assert '"Бастау Бизнес" жобасы бойынша кәсіпкерлік негіздеріне оқыту қағидаларына 5-қосымша Нысан' in words
    assert f"{ADDRESS['kk']} мекенжайы бойынша тұратын {NAME}" in words
    russian = said("referral_a5", "ru")
    assert "Приложение 5 к Правилам обучения основам предпринимательства по проекту «Бастау Бизнес» Форма" in russian
    assert f"{NAME} проживающему(-ей) по адресу: {ADDRESS['ru']}" in russian


@pytest.mark.clause("118-a5")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_both_parts_of_a_referral_are_the_same(language: str) -> None:
    first, second = parts(said("referral_a5", language), language)
    # What follows the first part is the number of the second.
    assert first.strip() == second.strip()


@pytest.mark.clause("118-a5")
def test_both_parts_carry_number_and_code() -> None:
    html = printing.html_of(paper("referral_a5"))
    assert html.count("№ ЖЛ-35-2026-000001</p>") == 2
    assert html.count('class="qr"') == 2


@pytest.mark.clause("118-a5")
def test_annex_5_is_filled() -> None:
    words = said("referral_a5")
    for fact in (f'"{CENTRE["kk"]}" коммуналдық', NAME, "жұмыссыз", ADDRESS["kk"], "+7 701 234 56 78", DIRECTOR):
        assert fact in words


@pytest.mark.clause("118-a5")
def test_there_is_a_place_for_the_seal_only_where_the_office_has_one() -> None:
    assert "Мөр орны" not in said("referral_a5", seal=False)


# ------------------------------------------------------------------------------------------------ codes, dates


def test_the_code_leads_to_the_check_page(settings: Any) -> None:
    settings.SITE_URL = "https://portal.example"
    url = printing.verify_url(paper("referral_a5"))
    assert url == "https://portal.example/verify/0123456789abcdefABCDEF_-xyz/"
    assert url in said("referral_a5")


def test_the_qr_code_is_drawn_on_the_page() -> None:
    drawn = pypdfium2.PdfDocument(pdf("referral_a5"))[0].render(scale=2).to_pil().convert("L")
    corner = drawn.crop((125, 68, 238, 181))
    assert 0.3 < ink(corner) / (corner.width * corner.height) < 0.7


@pytest.mark.parametrize(
    ("day", "language", "written"),
    [
        ("2026-06-05", "kk", '2026 жылғы "5" маусым'),
        ("2026-06-05", "ru", "«5» июня 2026 года"),
        ("2027-01-31", "kk", '2027 жылғы "31" қаңтар'),
        ("2027-12-01", "ru", "«1» декабря 2027 года"),
        ("", "kk", '20___ жылғы "___" __________'),
        ("", "ru", "«___» __________ 20___ года"),
    ],
)
def test_dates_follow_the_pattern_of_the_forms(day: str, language: str, written: str) -> None:
    template = Template("{% load papers %}{% autoescape off %}{{ day|form_date:language }}{% endautoescape %}")
    assert template.render(Context({"day": day, "language": language})) == written


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_with_nothing_known_is_printed_with_its_lines(kind: str) -> None:
    html = printing.html_of(paper(kind, **{name: EMPTY.get(name, "") for name in FACTS[kind]}))
    assert 'empty">' in html
    assert "None" not in text_of(html)
