"""Papers to PDF/A-2b through WeasyPrint. Imported in workers only.

Nothing is fetched: the stylesheet's fonts lie beside this module, and every other address is refused. The same
facts give the same bytes.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from bastau.papers.kinds import kind_of
from bastau.papers.models import Paper

FONTS = Path(__file__).parent / "fonts"
STYLESHEET = Path(__file__).parent / "paper.css"


class AddressRefused(FatalURLFetchingError):
    """A paper's template names something to be fetched; papers carry all they need."""


class OwnFontsOnly(URLFetcher):
    """Opens the fonts of papers and refuses the rest."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The font at a file address under FONTS. Raises AddressRefused for any other address."""
        known = {path.as_uri(): path for path in FONTS.glob("*.ttf")}
        if url not in known:
            raise AddressRefused(f"A paper may not fetch {url}.")
        return URLFetcherResponse(url, known[url].read_bytes(), {"Content-Type": "font/ttf"})


@lru_cache(maxsize=1)
def _style() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    fetcher = OwnFontsOnly(fail_on_errors=True)
    return CSS(
        string=STYLESHEET.read_text("utf-8"), base_url=FONTS.as_uri() + "/", font_config=fonts, url_fetcher=fetcher
    ), fonts


def verify_url(paper: Paper) -> str:
    """The public address that tells whether the paper is genuine."""
    return settings.SITE_URL + reverse("verify", args=[paper.code])


def qr(url: str) -> SafeString:
    """The address as a QR code, an inline SVG without a fixed size."""
    code = segno.make(url, error="m", micro=False)
    return mark_safe(code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None))


def html_of(paper: Paper) -> str:
    """The paper's page in its own language, whatever the language of the process."""
    url = verify_url(paper)
    context = {
        "paper": paper,
        "facts": paper.said(),
        "number": paper.shown_number,
        "verify_url": url,
        "qr": qr(url),
        "made_at": paper.asked_at.isoformat(timespec="seconds"),
    }
    with translation.override(paper.language):
        return render_to_string(f"{kind_of(paper.kind).template}.{paper.language}.html", context)


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF/A-2b. Raises AddressRefused when its template names anything to be fetched."""
    style, fonts = _style()
    page = HTML(string=html_of(paper), base_url=FONTS.as_uri() + "/", url_fetcher=OwnFontsOnly(fail_on_errors=True))
    return page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-2b", presentational_hints=False)
