"""A notice as an e-mail, in the notice's language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from bastau.notices import kinds
from bastau.notices.models import Delivery, Notice


def message(delivery: Delivery) -> EmailMessage:
    """The mail of one delivery. Its Message-ID comes from the delivery, so that a repeated mail is the same mail."""
    notice = delivery.notice
    # A subject is one line, whatever a fact brought with it.
    return EmailMessage(
        subject=" ".join(notice.subject.split()),
        body=_body(notice),
        to=[delivery.address],
        headers={
            "Message-ID": f"<delivery-{delivery.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": notice.language,
        },
        connection=get_connection(timeout=settings.GATEWAY_TIMEOUT_SECONDS),
    )


def _body(notice: Notice) -> str:
    staff = not notice.user.is_citizen
    with override(notice.language):
        body = render_to_string(
            f"notices/mail.{notice.language}.txt",
            {
                "text": notice.text,
                "more": notice.more,
                "lines": _lines(notice),
                "staff": staff,
                "link": settings.SITE_URL + reverse("workplace:index" if staff else "cabinet"),
            },
        )
    return body.strip() + "\n"


def _lines(notice: Notice) -> list[str]:
    if notice.code != kinds.DIGEST:
        return []
    return [told.text for told in Notice.objects.filter(pk__in=notice.facts["notices"]).order_by("created_at", "pk")]
