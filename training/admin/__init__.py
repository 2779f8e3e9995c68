"""The staff's registers and case pages of training, by topic."""

from training.admin import business_plans, certificates, course, enrolments, groups, lists, stipends  # noqa: F401
