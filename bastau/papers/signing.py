"""Signing a paper: who may, over which bytes, with which certificate."""

from __future__ import annotations

import hashlib

from django.db import transaction

from bastau import clock
from bastau.papers import cms as cms_check
from bastau.papers import oids, trust
from bastau.papers.cms import Signer, SigningRefused
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState, Signature, SignatureForm
from bastau.people.models import Post, User
from bastau.people.roles import Role

__all__ = ["SigningRefused", "check_kept", "sign"]


def sign(paper: Paper, cms: bytes, *, by: User, post: Post | None) -> Signature:
    """Keep `by`'s signature under the kept bytes of `paper`: state ready -> signed with the last one it waits for.

    The subject's IIN must be that of `by`; with `post` also the BIN of its office and, for a director, the right
    to sign for it (SPEC 6.11). Everything is checked at this instant. Raises SigningRefused and changes nothing.
    """
    with transaction.atomic():
        paper = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
        if paper.state != PaperState.READY:
            raise SigningRefused("not_waiting")
        wanted = kind_of(paper.kind).signatures(paper)
        given = set(paper.signatures.values_list("user", flat=True)) if wanted > 1 else set()
        if by.pk in given:
            raise SigningRefused("signed_already")
        content = _content(paper)
        now = clock.now()
        try:
            signer = cms_check.check(content, cms, trust=trust.current(), moment=now)
        except SigningRefused as refused:
            if refused.code == "altered" and _of_another(cms, paper):
                raise SigningRefused("other_paper") from refused
            raise
        _own(signer, by, post)
        signature = Signature(
            paper=paper,
            form=SignatureForm.CMS,
            user=by,
            post=post,
            signed_at=now,
            cms=cms_check.as_der(cms),
            signer_iin=signer.iin,
            signer_bin=signer.bin,
            certificate_serial=signer.serial,
            certificate_sha256=signer.sha256,
        )
        signature.save(force_insert=True)
        if len(given) + 1 >= wanted:
            paper.signed()
            paper.save(update_fields=["state"])
    return signature


def check_kept(signature: Signature, content: bytes) -> bool:
    """Whether a signature accepted earlier still fits `content` and is made with the certificate then checked."""
    try:
        signer = cms_check.check_fit(content, bytes(signature.cms))
    except SigningRefused:
        return False
    return signer.sha256 == signature.certificate_sha256


def _content(paper: Paper) -> bytes:
    try:
        content = paper.content()
    except FileNotFoundError as error:
        raise SigningRefused("damaged") from error
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise SigningRefused("damaged")
    return content


def _of_another(cms: bytes, paper: Paper) -> bool:
    digest = cms_check.digest_of(cms).hex()
    return digest != paper.sha256 and Paper.objects.filter(sha256=digest).exists()


def _own(signer: Signer, by: User, post: Post | None) -> None:
    if signer.iin != by.person.iin:
        raise SigningRefused("other_person")
    if post is None:
        return
    if signer.bin != post.office.bin:
        raise SigningRefused("other_office")
    if post.role == Role.DIRECTOR and not signer.usages & {oids.FIRST_HEAD, oids.RIGHT_TO_SIGN}:
        raise SigningRefused("no_right")
