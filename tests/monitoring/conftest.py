"""Fixtures of the tests of monitoring."""

from tests.monitoring.granting import granted, july, quick  # noqa: F401
