"""`manage.py law`: is every clause answered for, is its page fresh, and do its tests notice a bent law?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bastau import law
from bastau.law import claims as reading
from bastau.law import mutants, page


class Command(BaseCommand):
    help = "Checks that tests claim every clause (--check, --write) and that the claims are honest (--mutate)."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="fail on a clause nobody answers for, or a stale page")
        what.add_argument("--write", action="store_true", help="write docs/law.md")
        what.add_argument("--mutate", action="store_true", help="change each claimed number by one; a test must fail")
        parser.add_argument(
            "-m", "--marks", default="not engine and not journey", help="which tests may run (--mutate)"
        )
        parser.add_argument("--only", nargs="*", metavar="CLAUSE", help="only the numbers of these clauses (--mutate)")
        parser.add_argument("--jobs", type=int, default=2, help="how many runs of tests at a time (--mutate)")

    def handle(self, *args: Any, **options: Any) -> None:
        statutes, covered = law.statutes(), reading.coverage()
        claimed, problems = reading.collect()
        if options["mutate"]:
            self._mutate(mutants.mutants(statutes, claimed, covered), claimed, options)
            return
        text = page.printed(statutes, claimed, covered, reading.rules(statutes))
        if options["write"]:
            page.write(text)
            self.stdout.write(f"{page.PAGE.relative_to(reading.ROOT)} is written.")
            return
        problems += reading.gaps(statutes, reading.requirements(), claimed, covered)
        if page.is_stale(text):
            problems.append("docs/law.md is stale: run manage.py law --write.")
        if problems:
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{len(statutes.clauses)} clauses, {len(claimed)} claims: all answered for.")

    def _mutate(self, found: list[mutants.Mutant], claimed: list[reading.Claim], options: dict[str, Any]) -> None:
        if options["only"]:
            found = [one for one in found if one.clause in options["only"]]
        alive = []
        try:
            for outcome in mutants.hunt(found, claimed, marks=options["marks"], jobs=options["jobs"]):
                one = outcome.mutant
                verdict = "noticed" if outcome.killed else f"SURVIVED ({outcome.detail})"
                self.stdout.write(f"{one.address:42} {one.before!s:>10} -> {one.after!s:<10} {verdict}")
                self.stdout.flush()
                if not outcome.killed:
                    alive.append(one)
        except law.LawIsBroken as broken:
            raise CommandError(str(broken))
        self.stdout.write(f"{len(found)} changes of the law, {len(found) - len(alive)} noticed.")
        if alive:
            raise CommandError(f"Not noticed: {', '.join(sorted({one.address for one in alive}))}.")
