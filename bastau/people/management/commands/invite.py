"""Invites a member of staff, or lets one begin anew."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from bastau import clock
from bastau.people import invitations
from bastau.people.citizens import Identity
from bastau.people.models import Office, Post, User, UserKind
from bastau.people.roles import Role


class Command(BaseCommand):
    help = "Makes an account and a post for a member of staff, and prints (or sends) the link that sets the password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--again", action="store_true", help="the account exists: a new password and second factor")
        parser.add_argument("--iin")
        parser.add_argument("--surname")
        parser.add_argument("--given-name")
        parser.add_argument("--patronymic", default="")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--office", help="code of the office, e.g. C-35")
        parser.add_argument("--order", help="number of the order")
        parser.add_argument("--order-date", type=date.fromisoformat, help="2026-06-01")
        parser.add_argument("--since", type=date.fromisoformat, help="first day; today where not given")
        parser.add_argument("--until", type=date.fromisoformat, help="last day, for a limited period")
        parser.add_argument("--substitutes", type=int, help="number of the post that is substituted")
        parser.add_argument("--language", choices=["kk", "ru"], default="kk")
        parser.add_argument("--send", action="store_true", help="send the link by e-mail; else it is printed")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = self._again(options["email"]) if options["again"] else self._invite(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["send"]:
            invitations.send_link(user)
            self.stdout.write(f"The link was sent to {user.email}.")
        else:
            self.stdout.write(invitations.password_link(user))

    def _again(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower(), kind=UserKind.STAFF).first()
        if user is None:
            raise CommandError("No member of staff has this e-mail.")
        invitations.begin_anew(user)
        return user

    def _invite(self, options: dict[str, Any]) -> User:
        needed = ["iin", "surname", "given_name", "role", "office", "order", "order_date"]
        missing = [f"--{name.replace('_', '-')}" for name in needed if not options[name]]
        if missing:
            raise CommandError(f"Also give {', '.join(missing)}.")
        office = Office.objects.filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"There is no office {options['office']}.")
        substituted = Post.objects.filter(pk=options["substitutes"]).first() if options["substitutes"] else None
        if options["substitutes"] and substituted is None:
            raise CommandError(f"There is no post {options['substitutes']}.")
        zone = ZoneInfo(office.zone)
        since, until = options["since"] or clock.today(zone), options["until"]
        order = invitations.Order(
            office=office,
            role=Role(options["role"]),
            number=options["order"],
            on=options["order_date"],
            since=datetime.combine(since, time.min, zone),
            until=datetime.combine(until, time.max, zone) if until else None,
            substitutes=substituted,
        )
        identity = Identity(options["iin"], options["surname"], options["given_name"], options["patronymic"])
        return invitations.invite(identity, options["email"], order, options["language"])
