"""The signing page: what "papers/sign.html" needs, and the one hole in the content policy it needs."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.conf import settings

from bastau.papers.forms import SigningForm, versions
from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper, PaperState
from bastau.people.models import Post, User

# The address of NCALayer on the signer's own machine.
NCALAYER = "wss://127.0.0.1:13579"

ncalayer_allowed = csp_update({"connect-src": [NCALAYER]})
"""Decorator of a signing view: its page alone may talk to NCALayer."""


def signing_context(
    paper: Paper,
    action_url: str,
    back_url: str,
    by: User,
    post: Post | None = None,
    form: SigningForm | None = None,
) -> dict[str, Any]:
    """Context of "papers/sign.html". `form` is the bound form that was refused, to show its errors."""
    shown = versions(paper)
    return {
        "shell": "base.html" if by.is_citizen else "staff_base.html",
        "paper": paper,
        "title": kind_of(paper.kind).title,
        "versions": [
            {"paper": version, "end": "" if version is shown[0] else f"_{version.language}"} for version in shown
        ],
        "preparing": any(version.state == PaperState.ASKED for version in shown),
        "waiting": all(version.state == PaperState.READY for version in shown),
        "action_url": action_url,
        "back_url": back_url,
        "signer": by.person.full_name,
        "post": post,
        "form": form,
        "demo_key": settings.BASTAU_MODE != "live",
        "ncalayer": NCALAYER,
    }
