from django.db import models


class ClockOffset(models.Model):
    """How far the demo or test clock stands from the real one. One row at most; never read in live mode."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_one_row")]
