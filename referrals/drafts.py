"""What a draft on the Portal still lacks: the registers' answers as far as they go, and the next page of questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bastau import clock, law
from bastau.gateways.models import Enquiry, System
from bastau.people.models import Office, OfficeKind, Region
from referrals.models import ReferralApplication
from referrals.rules import REGISTER_SUBJECTS

#: The question pages in their order, by the names of their addresses.
PAGES = ("consents", "registers", "status", "contacts", "documents", "check", "sign")
#: After so long the waiting page says what else can be done meanwhile.
PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True)
class Registers:
    """The registers' answers to one draft.

    `found`: one of `waiting`, `unknown_person`, `no_residence`, `no_centre`, `centre`. `unemployed` is None while
    the labour market system is silent. `slow`: somebody has waited longer than a register usually takes.
    """

    asked: bool
    waiting: tuple[str, ...]
    slow: bool
    found: str
    unemployed: bool | None
    region: Region | None = None

    @property
    def ready(self) -> bool:
        """All registers have answered, a centre serves the person, and the Portal is open to him or her (A-10)."""
        return not self.waiting and self.found == "centre" and not self.closed

    @property
    def closed(self) -> bool:
        """Whether the Portal is closed to the person, who is not registered as unemployed (A-10)."""
        return self.unemployed is False and bool(law.value("A-10"))

    @property
    def done(self) -> int:
        """How many registers have answered."""
        return len(REGISTER_SUBJECTS) - len(self.waiting) if self.asked else 0

    @property
    def total(self) -> int:
        """How many registers are asked."""
        return len(REGISTER_SUBJECTS)


def registers(application: ReferralApplication) -> Registers:
    """The registers' answers to the draft. The caller has found the draft through `visible_to`."""
    latest = {enquiry.system: enquiry for enquiry in Enquiry.objects.of_case(application.kind, application.pk)}
    waiting = tuple(system for system in REGISTER_SUBJECTS if system not in latest or latest[system].is_open)
    oldest = min((latest[system].asked_at for system in waiting if system in latest), default=None)
    if latest:
        # An answer may have come between the reading of the draft and of the questions: what it told is read after it.
        application.refresh_from_db(fields=["office", "residence", "registered_unemployed"])
    person = latest.get(System.PERSON_REGISTRY)
    labour = latest.get(System.LABOUR_MARKET)
    found, region = _residence(application, person)
    return Registers(
        asked=bool(latest),
        waiting=waiting,
        slow=oldest is not None and clock.now() - oldest > PATIENCE,
        found=found,
        unemployed=None if labour is None or labour.is_open else application.registered_unemployed,
        region=region,
    )


def _residence(application: ReferralApplication, enquiry: Enquiry | None) -> tuple[str, Region | None]:
    if enquiry is None or enquiry.is_open:
        return "waiting", None
    if (enquiry.answer or {}).get("found") is False:
        return "unknown_person", None
    if application.office_id is not None:
        return "centre", None
    region = Region.objects.filter(code=application.residence[:2]).first()
    return ("no_centre", region) if region is not None else ("no_residence", None)


def centres_of(region: Region | None) -> list[Office]:
    """The employment centres of a region, to be called or visited."""
    if region is None:
        return []
    return list(Office.objects.filter(kind=OfficeKind.CENTRE, region=region).order_by("code"))


def next_page(application: ReferralApplication) -> str:
    """The first question page that is not answered yet; `check` when all are. Documents are never needed."""
    if application.consent_data_at is None or application.consent_secrets_at is None:
        return "consents"
    if not application.target_status and application.office_id is None:
        return "registers"
    if not (application.target_status and application.study_form):
        return "status"
    if not (application.phone or application.email):
        return "contacts"
    return "check"
