"""Contract, supplement and payment order as they are printed (SPEC 2.11, 2.12)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from bastau.papers import printing
from bastau.papers.models import Paper
from grants.actions import contracts, payments
from tests.grants import contract_cases as money
from tests.grants.contract_cases import PayingCentre
from tests.papers.test_print import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def centre() -> PayingCentre:
    return PayingCentre.open()


def words(kind: str, language: str) -> str:
    return text_of(printing.html_of(Paper.objects.get(kind=kind, language=language)))


CONTRACT = {
    "kk": (
        "Жаңа бизнес-идеяны іске асыруға грант беру туралы шарт", "1. Шарттың мәні", "2. Грант сомасы",
        "3. Нысаналы пайдалану", "4. Грант алушының міндеттері", "5. Грант берушінің міндеттері",
        "6. Грантты қайтару негіздері мен тәртібі", "7. Тараптардың жауапкершілігі", "8. Еңсерілмейтін күш жағдайлары",
        "9. Дауларды шешу", "10. Шарттың қолданылу мерзімі", "11. Тараптардың деректемелері мен қолдары (ЭЦҚ)",
        "бір миллион бес жүз мың теңге", "Шығыстар сметасы",
    ),
    "ru": (
        "Договор о предоставлении гранта на реализацию новой бизнес-идеи", "1. Предмет договора", "2. Сумма гранта",
        "3. Целевое использование", "4. Обязанности грантополучателя", "5. Обязанности грантодателя",
        "6. Основания и порядок возврата гранта", "7. Ответственность сторон",
        "8. Обстоятельства непреодолимой силы", "9. Разрешение споров", "10. Срок действия договора",
        "11. Реквизиты и подписи сторон (ЭЦП)", "один миллион пятьсот тысяч тенге", "Смета расходов",
    ),
}  # fmt: skip


@pytest.mark.clause("FKA04-3.3")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_contract_has_every_part_of_the_form(centre, language):
    contract = money.given(money.registered(money.offered(centre, language="ru")))
    said = words("grant_contract", language)
    assert [part for part in CONTRACT[language] if part not in said] == []
    person = contract.person
    for fact in (person.full_name, person.iin, centre.office.bin, contract.business_number, contract.bic, "Пеш"):
        assert fact in said


ORDER = {
    "kk": ("Төлем тапсырмасы", "Ақша жөнелтуші", "Жөнелтушінің банкі, БСК", "Бенефициар", "Бенефициардың банкі, БСК",
           "Төлемнің мақсаты, ТТК", "Басшы", "Бас бухгалтер"),
    "ru": ("Платежное поручение", "Отправитель денег", "Банк отправителя, БИК", "Бенефициар",
           "Банк бенефициара, БИК", "Назначение платежа, КНП", "Руководитель", "Главный бухгалтер"),
}  # fmt: skip


@pytest.mark.clause("FKA04-4.1")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_payment_order_has_every_line_of_the_form(centre, language):
    payment = payments.form(money.in_force(centre, language="ru"), by=centre.accountant, purpose_code="")
    said = words("payment_order", language)
    assert [part for part in ORDER[language] if part not in said] == []
    for fact in (payment.person.iin, payment.contract.number, "359", "KAZNKZKX", "КОд 12", "Кбе 19"):
        assert fact in said


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_supplement_names_the_contract_and_both_accounts(centre, language):
    payment = money.returned(centre, language="ru")
    supplement = money.given(payment.contract.supplements.get())
    said = words("grant_supplement", language)
    for fact in (payment.contract.number, supplement.number):
        assert fact in said
    facts = contracts.versions(supplement)[0].facts
    assert facts["former_iban"] in said
    assert facts["iban"] in said
    assert facts["iban"] != facts["former_iban"]


def test_a_contract_is_one_pdf_with_its_number(centre):
    contract = money.drawn_up(centre)
    paper = contracts.versions(contract)[0]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content())).pages)
    assert paper.number in text
