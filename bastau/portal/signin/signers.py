"""Who signed the sign-in text; and the demonstration's keys."""

from __future__ import annotations

from typing import TypedDict

from asn1crypto import cms as asn1_cms
from django.conf import settings
from django.core.exceptions import ValidationError

from bastau import clock
from bastau.papers import authority, trust
from bastau.papers import cms as papers_cms
from bastau.people.citizens import Identity
from bastau.people.models import User, UserKind


class DemoKey(TypedDict):
    """A persona whose demonstration key may sign."""

    persona: str
    name: str


def identity(signature: bytes, text: bytes) -> Identity:
    """The person whose valid signature stands under `text`. Raises ValidationError with what to do."""
    try:
        signer = papers_cms.check(text, signature, trust=trust.current(), moment=clock.now())
    except papers_cms.SigningRefused as refused:
        raise ValidationError(str(refused), code=refused.code) from refused
    subject = _subject(signature, signer.sha256)
    surname = subject.get("surname", "")
    given_name = subject.get("common_name", "").removeprefix(surname).strip()
    # In certificates of the national authority the attribute "given name" holds the patronymic (SPEC 6.11).
    return Identity(signer.iin, surname or given_name, given_name if surname else "", subject.get("given_name", ""))


def demo_keys() -> list[DemoKey]:
    """Citizens among the personas; none in live mode."""
    if settings.LIVE:
        return []
    personas = User.objects.filter(kind=UserKind.CITIZEN).exclude(persona="").select_related("person").order_by("pk")
    return [DemoKey(persona=user.persona, name=user.person.full_name) for user in personas]


def demo_signature(persona: str, text: bytes) -> bytes | None:
    """The signature of a persona made by the demo authority; None in live mode and for a persona who is none."""
    if settings.LIVE or not persona:
        return None
    user = User.objects.filter(kind=UserKind.CITIZEN, persona=persona).select_related("person").first()
    return authority.demo_sign(user, text) if user else None


def _subject(signature: bytes, sha256: str) -> dict[str, str]:
    signed = asn1_cms.ContentInfo.load(papers_cms.as_der(signature))["content"]
    for choice in signed["certificates"]:
        certificate = choice.chosen
        if choice.name == "certificate" and certificate.sha256.hex() == sha256:
            native = certificate.subject.native
            return {key: value for key, value in native.items() if isinstance(value, str)}
    return {}
