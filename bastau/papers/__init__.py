"""Numbered documents: asked for, rendered once by a worker, kept as bytes, signed, verified; and uploads.

The names below are the door of this package. They are loaded on first use: models cannot be imported while Django
is still reading the list of apps.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bastau.papers.actions import LivePaperExists, NotInTransaction, PaperError, ask, issue, render, show, void
    from bastau.papers.files import register_cases
    from bastau.papers.kinds import PaperKind, kind_of, register
    from bastau.papers.signing import SigningRefused, sign
    from bastau.papers.uploads import UploadRefused, accept_upload, remove_upload

_HOMES = {
    "LivePaperExists": "actions",
    "NotInTransaction": "actions",
    "PaperError": "actions",
    "ask": "actions",
    "issue": "actions",
    "render": "actions",
    "show": "actions",
    "void": "actions",
    "register_cases": "files",
    "PaperKind": "kinds",
    "kind_of": "kinds",
    "register": "kinds",
    "SigningRefused": "signing",
    "sign": "signing",
    "UploadRefused": "uploads",
    "accept_upload": "uploads",
    "remove_upload": "uploads",
}

__all__ = [
    "LivePaperExists",
    "NotInTransaction",
    "PaperError",
    "PaperKind",
    "SigningRefused",
    "UploadRefused",
    "accept_upload",
    "ask",
    "issue",
    "kind_of",
    "register",
    "register_cases",
    "remove_upload",
    "render",
    "show",
    "sign",
    "void",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"bastau.papers has no {name}")
    return getattr(import_module(f"bastau.papers.{_HOMES[name]}"), name)
