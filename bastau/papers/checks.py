"""What a real deployment must have before anybody can sign on it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def roots_are_there(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A live portal trusts the roots of SIGNATURE_ROOTS alone; without them every signature is refused."""
    if not settings.LIVE or (settings.SIGNATURE_ROOTS and Path(settings.SIGNATURE_ROOTS).is_dir()):
        return []
    return [
        Error(
            "SIGNATURE_ROOTS names no folder with certificates, so nobody can sign.",
            hint="Put the roots and the revocation lists of the national authority into a folder and name it.",
            id="papers.E001",
        )
    ]
