"""States of a referral application (SPEC 4.1): a label for staff, a plainer one for the citizen."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACCEPTED = "accepted", _("Accepted")
    ACCEPTANCE_REFUSED = "acceptance_refused", _("Acceptance refused")
    IN_CHECK = "in_check", _("In check")
    CHECKED = "checked", _("Checked")
    AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")
    ISSUED = "issued", pgettext_lazy("referral", "Issued")
    REFUSED = "refused", pgettext_lazy("referral", "Refused")
    SENT_TO_SC = "sent_to_sc", _("Sent to the State Corporation")
    UNCOLLECTED = "uncollected", _("Not collected")
    HANDED_OVER = "handed_over", _("Handed over")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (State.DRAFT, State.ACCEPTED, State.IN_CHECK, State.CHECKED, State.AWAITING_SIGNATURE)
UNDECIDED = (State.ACCEPTED, State.IN_CHECK, State.CHECKED, State.AWAITING_SIGNATURE)
DECIDED = (State.ISSUED, State.REFUSED, State.SENT_TO_SC, State.UNCOLLECTED, State.HANDED_OVER)
CLOSED = (State.ACCEPTANCE_REFUSED, State.WITHDRAWN)

PUBLIC_LABELS = {
    State.DRAFT: _("You have not sent it yet"),
    State.ACCEPTED: _("Accepted, waits for its check"),
    State.ACCEPTANCE_REFUSED: _("The documents were not accepted"),
    State.IN_CHECK: _("The centre is checking your data"),
    State.CHECKED: _("Checked, the decision is being prepared"),
    State.AWAITING_SIGNATURE: _("The director is deciding"),
    State.ISSUED: _("The referral is issued"),
    State.REFUSED: _("The referral is refused"),
    State.SENT_TO_SC: _("The result waits for you at the State Corporation"),
    State.UNCOLLECTED: _("The result was not collected and is back at the centre"),
    State.HANDED_OVER: _("The result was handed to you"),
    State.WITHDRAWN: _("You withdrew the application"),
}


class Channel(models.TextChoices):
    PORTAL = "portal", _("Portal")
    CENTRE = "centre", _("Centre's counter")
    SC = "sc", _("State Corporation")


class TargetStatus(models.TextChoices):
    """Who may take part (118-p03): the unemployed, and the employed categories of SPEC 6.7 (to be confirmed)."""

    UNEMPLOYED = "UNEMPLOYED", _("unemployed")
    E01 = "E01", _("unproductively self-employed")
    E02 = "E02", _("employed with income below the subsistence minimum")
    E03 = "E03", _("part-time employed")
    E04 = "E04", _("able-bodied member of a low-income family")
    E05 = "E05", _("seasonal or temporary worker")
    E06 = "E06", _("worker about to be laid off")


class StudyForm(models.TextChoices):
    OFFLINE = "offline", _("practical classes")
    ONLINE = "online", _("at a distance, through the web portal")


class Document(models.TextChoices):
    """What may be attached if there is any (118-a2-r08); an identity document is shown, never kept."""

    WORK = "work", pgettext_lazy("attached document", "on work")
    EDUCATION = "education", pgettext_lazy("attached document", "on education")


class Ground(models.IntegerChoices):
    """The closed list of grounds of refusal (118-a2-r09)."""

    UNTRUE_DATA = 1, _("documents or data found untrue")
    NOT_CONFORMING = 2, _("the applicant or the data do not meet the requirements of the Rules")


class AcceptanceRefusal(models.TextChoices):
    """Why documents may not be accepted at a counter (118-p07-1)."""

    INCOMPLETE = "ACCEPT_INCOMPLETE", _("incomplete package")
    EXPIRED = "ACCEPT_EXPIRED", _("expired document")


class Outcome(models.TextChoices):
    ISSUE = "issue", _("issue the referral")
    REFUSE = "refuse", _("refuse the referral")


class CheckSubject(models.TextChoices):
    """What the check protocol answers (118-p09-1)."""

    IDENTITY = "identity", _("Identity")
    RESIDENCE = "residence", _("Residence in the area of the centre")
    TARGET_GROUP = "target_group", _("Target group")
    DOCUMENTS = "documents", _("Documents are right")


class CheckResult(models.TextChoices):
    YES = "yes", _("confirmed")
    NO = "no", _("not confirmed")
    WAITING = "waiting", _("no answer yet")
