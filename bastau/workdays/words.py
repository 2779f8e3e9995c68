"""The words in which a reckoning explains itself. They are stored with it in all three languages, so that a paper
printed years later says what was said then; that is why they are not in the message catalogues."""

from typing import NamedTuple


class Words(NamedTuple):
    """One phrase in the three languages."""

    kk: str
    ru: str
    en: str


WEEKDAYS = (
    Words("дүйсенбі", "понедельник", "Monday"),
    Words("сейсенбі", "вторник", "Tuesday"),
    Words("сәрсенбі", "среда", "Wednesday"),
    Words("бейсенбі", "четверг", "Thursday"),
    Words("жұма", "пятница", "Friday"),
    Words("сенбі", "суббота", "Saturday"),
    Words("жексенбі", "воскресенье", "Sunday"),
)

WORKING_DAY = Words("Жұмыс күні", "Рабочий день", "Working day")
DAY_OFF = Words("Демалыс күні", "Выходной день", "Day off")
CALENDAR_DAY = Words("Күнтізбелік күн", "Календарный день", "Calendar day")
ROUND_THE_CLOCK = Words("Тәулік бойы жұмыс істейді", "Работает круглосуточно", "Open round the clock")
MOVED = Words(
    "Мереке күні демалысқа дәл келгендіктен берілген демалыс",
    "Выходной за праздник, совпавший с выходным днем",
    "Day off for a holiday that fell on a weekend",
)
HOLIDAY = Words("Мереке күні", "Праздничный день", "Public holiday")

#: By the English name the holidays package gives.
HOLIDAYS = {
    "New Year's Day": Words("Жаңа жыл", "Новый год", "New Year"),
    "Orthodox Christmas": Words("Православиелік Рождество", "Православное Рождество", "Orthodox Christmas"),
    "International Women's Day": Words(
        "Халықаралық әйелдер күні", "Международный женский день", "International Women's Day"
    ),
    "Nowruz Holiday": Words("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"),
    "Kazakhstan's People Solidarity Holiday": Words(
        "Қазақстан халқының бірлігі мерекесі",
        "Праздник единства народа Казахстана",
        "Unity Day of the People of Kazakhstan",
    ),
    "Defender of the Fatherland Day": Words("Отан қорғаушы күні", "День защитника Отечества", "Defender's Day"),
    "Victory Day": Words("Жеңіс күні", "День Победы", "Victory Day"),
    "Capital Day": Words("Астана күні", "День столицы", "Capital Day"),
    "Constitution Day": Words(
        "Қазақстан Республикасының Конституциясы күні", "День Конституции Республики Казахстан", "Constitution Day"
    ),
    "Republic Day": Words("Республика күні", "День Республики", "Republic Day"),
    "First President Day": Words(
        "Қазақстан Республикасының Тұңғыш Президенті күні",
        "День Первого Президента Республики Казахстан",
        "First President's Day",
    ),
    "Independence Day": Words("Тәуелсіздік күні", "День Независимости", "Independence Day"),
    "Eid al-Adha": Words("Құрбан айт", "Курбан айт", "Eid al-Adha"),
}
