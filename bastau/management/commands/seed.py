"""Fills an empty portal with what it needs to run. It stands above the layers, because each of them loads its own."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from bastau import workdays
from bastau.people import seeding


class Command(BaseCommand):
    help = "Loads regions, offices, the calendar and the course; outside live mode the personas too. May be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        regions, offices = seeding.load_places()
        self.stdout.write(f"{regions} regions, {offices} offices")
        self.stdout.write(f"{workdays.seed()} exceptional days")
        # What an app brings of its own is loaded by its config: seed() gives a line of what it loaded.
        for config in apps.get_app_configs():
            if hasattr(config, "seed"):
                self.stdout.write(config.seed())
        if not settings.LIVE:
            self.stdout.write(f"{seeding.load_personas()} personas")
