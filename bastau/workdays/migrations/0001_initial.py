from django.db import migrations, models
from django.db.models import Q

REFUSE = """
CREATE FUNCTION workdays_never_overwritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A day exception is never changed or removed: enter a newer one.';
END $$;
CREATE TRIGGER workdays_never_overwritten BEFORE UPDATE OR DELETE ON workdays_dayexception
FOR EACH ROW EXECUTE FUNCTION workdays_never_overwritten();
"""
ALLOW = """
DROP TRIGGER workdays_never_overwritten ON workdays_dayexception;
DROP FUNCTION workdays_never_overwritten();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="DayException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "day off"), ("working", "working day")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("name_kk", models.CharField(max_length=200, verbose_name="reason in Kazakh")),
                ("name_ru", models.CharField(max_length=200, verbose_name="reason in Russian")),
                ("name_en", models.CharField(blank=True, max_length=200, verbose_name="reason in English")),
                ("decree", models.CharField(max_length=300, verbose_name="decree")),
                ("for_centre", models.BooleanField(default=True, verbose_name="applies to employment centres")),
                ("for_sc", models.BooleanField(default=True, verbose_name="applies to the State Corporation")),
                (
                    "settles_year",
                    models.BooleanField(default=False, verbose_name="completes the calendar of its year"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
            ],
            options={
                "verbose_name": "day exception",
                "verbose_name_plural": "day exceptions",
                "ordering": ["day", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=Q(("kind__in", ["off", "working"])), name="day_exception_kind"),
                    models.CheckConstraint(
                        condition=Q(("for_centre", True), ("for_sc", True), _connector="OR"),
                        name="day_exception_for_someone",
                    ),
                    models.UniqueConstraint(
                        fields=("day", "kind", "decree", "for_centre", "for_sc", "settles_year"),
                        name="day_exception_said_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
