"""The staff's registers and case pages of monitoring, by topic."""

from monitoring.admin import accompaniment, consultations, problems, reports  # noqa: F401
