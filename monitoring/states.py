"""States of all kinds of cases of monitoring: labels for staff, plainer ones for citizens."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# ------------------------------------------------------------------------------------------------ reports and recovery


class ReportState(models.TextChoices):
    """Of a quarterly report (SPEC 4.13)."""

    UPCOMING = "upcoming", pgettext_lazy("report", "Upcoming")
    DUE = "due", pgettext_lazy("report", "Due")
    OVERDUE = "overdue", pgettext_lazy("report", "Overdue")
    SUBMITTED = "submitted", pgettext_lazy("report", "Filed")
    RETURNED = "returned", pgettext_lazy("report", "Returned")
    MISUSE_FOUND = "misuse_found", pgettext_lazy("report", "Misuse found")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")


REPORT_EDITABLE = (ReportState.UPCOMING, ReportState.DUE, ReportState.OVERDUE, ReportState.RETURNED)
REPORT_FILEABLE = (ReportState.DUE, ReportState.OVERDUE, ReportState.RETURNED)
#: The sums of these count as spent: they were filed and stand.
REPORT_FILED = (ReportState.SUBMITTED, ReportState.MISUSE_FOUND, ReportState.ACCEPTED)

REPORT_PUBLIC = {
    ReportState.UPCOMING: _("The quarter is not over yet"),
    ReportState.DUE: _("The report is waited for"),
    ReportState.OVERDUE: _("The report is late"),
    ReportState.SUBMITTED: _("The report is filed and being checked"),
    ReportState.RETURNED: _("The report came back to be mended"),
    ReportState.MISUSE_FOUND: _("Misuse of the grant was found"),
    ReportState.ACCEPTED: _("The report is accepted"),
}


class ProofKind(models.TextChoices):
    """Kinds of supporting documents (SPEC 2.13)."""

    INVOICE = "invoice", pgettext_lazy("supporting document", "Invoice")
    RECEIPT = "receipt", pgettext_lazy("supporting document", "Fiscal receipt")
    CONTRACT = "contract", pgettext_lazy("supporting document", "Contract")
    ACT = "act", pgettext_lazy("supporting document", "Acceptance act")
    PAYMENT_ORDER = "payment_order", pgettext_lazy("supporting document", "Payment order")
    PHOTO = "photo", pgettext_lazy("supporting document", "Photo")


class LineDecision(models.TextChoices):
    """What the specialist finds about one line of a report (FKA04-5.2)."""

    ACCEPTED = "accepted", pgettext_lazy("line of a report", "in order")
    FAULTY = "faulty", pgettext_lazy("line of a report", "to be mended")
    MISUSED = "misused", pgettext_lazy("line of a report", "misuse")


class RecoveryState(models.TextChoices):
    """Of the recovery of a misused part (SPEC 4.13, A-40)."""

    EXPLANATION_WAIT = "explanation_wait", pgettext_lazy("recovery", "Explanation waited for")
    CLOSED_EXPLAINED = "closed_explained", pgettext_lazy("recovery", "Closed: explained")
    DEMANDED = "demanded", pgettext_lazy("recovery", "Return demanded")
    RECOVERED = "recovered", pgettext_lazy("recovery", "Money returned")
    COURT = "court", pgettext_lazy("recovery", "Handed over for court recovery")


RECOVERY_ENDED = (RecoveryState.CLOSED_EXPLAINED, RecoveryState.RECOVERED, RecoveryState.COURT)

RECOVERY_PUBLIC = {
    RecoveryState.EXPLANATION_WAIT: _("Your explanation is waited for"),
    RecoveryState.CLOSED_EXPLAINED: _("Your explanation is accepted; nothing is to be returned"),
    RecoveryState.DEMANDED: _("The misused part is to be returned"),
    RecoveryState.RECOVERED: _("The money is returned"),
    RecoveryState.COURT: _("The matter is handed over to court"),
}

# ------------------------------------------------------------------- accompaniment, enquiries, problem issues


class AccompanimentState(models.TextChoices):
    WAITING_LAUNCH = "waiting_launch", pgettext_lazy("accompaniment", "Waits for the launch")
    ACTIVE = "active", pgettext_lazy("accompaniment", "Accompanied")
    EXTENDED = "extended", pgettext_lazy("accompaniment", "Extended to 18 months")
    FINISHED = "finished", pgettext_lazy("accompaniment", "Finished")
    STOPPED = "stopped", pgettext_lazy("accompaniment", "Stopped")


#: The business is accompanied: enquiries, visits and problem issues are taken.
ACCOMPANIED = (AccompanimentState.WAITING_LAUNCH, AccompanimentState.ACTIVE, AccompanimentState.EXTENDED)
LAUNCHED = (AccompanimentState.ACTIVE, AccompanimentState.EXTENDED)


class FinancingSource(models.TextChoices):
    GRANT = "grant", _("Grant for a new business idea")
    MICROCREDIT = "microcredit", _("Microcredit")
    OTHER = "other", pgettext_lazy("source of financing", "Other financing")


class FamilyCategory(models.TextChoices):
    NONE = "none", pgettext_lazy("category of a family", "Neither low-income nor large")
    LOW_INCOME = "low_income", _("Low-income family")
    LARGE = "large", _("Large family")
    BOTH = "both", _("Low-income and large family")


class StopReason(models.TextChoices):
    BUSINESS_CLOSED = "business_closed", _("The business is closed")
    DEATH = "death", _("The participant has died")
    REFUSAL = "refusal", _("The participant does not want to be accompanied")


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    AGREED = "agreed", pgettext_lazy("visit", "Agreed")
    HELD = "held", pgettext_lazy("visit", "Held")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


class VisitMode(models.TextChoices):
    ON_SITE = "on_site", _("At the business")
    ONLINE = "online", pgettext_lazy("visit", "Online")


class CancelReason(models.TextChoices):
    COST_DECLINED = "cost_declined", _("The participant did not agree to the cost")
    OTHER_DAY = "other_day", _("Another day suits better")
    NOT_NEEDED = "not_needed", _("No longer needed")
    ENDED = "ended", _("The accompaniment has ended")


class ConsultationKind(models.TextChoices):
    TRAINING_INFO = "TRAINING_INFO", _("Consultation on training")
    INDIVIDUAL_TRAINING = "INDIVIDUAL_TRAINING", _("Individual consultation during training")
    ACCOMPANIMENT = "ACCOMPANIMENT", _("Enquiry during accompaniment")


class ConsultationState(models.TextChoices):
    NEW = "new", pgettext_lazy("enquiry", "New")
    ASSIGNED = "assigned", pgettext_lazy("enquiry", "Being answered")
    REDIRECTED = "redirected", pgettext_lazy("enquiry", "Passed on")
    ANSWERED = "answered", pgettext_lazy("enquiry", "Answered")
    REOPENED = "reopened", pgettext_lazy("enquiry", "Asked again")
    CLOSED = "closed", pgettext_lazy("enquiry", "Closed")


#: Somebody of the staff has to do something.
UNANSWERED = (
    ConsultationState.NEW, ConsultationState.ASSIGNED, ConsultationState.REDIRECTED, ConsultationState.REOPENED,
)  # fmt: skip


class AskedBy(models.TextChoices):
    WRITTEN = "written", pgettext_lazy("enquiry", "In writing")
    ORAL = "oral", pgettext_lazy("enquiry", "Orally")


class Topic(models.TextChoices):
    TRAINING = "training", pgettext_lazy("topic", "Training")
    OPERATIONS = "operations", pgettext_lazy("topic", "Daily running of the business")
    STRATEGY = "strategy", pgettext_lazy("topic", "Strategy and development")
    MARKETING = "marketing", pgettext_lazy("topic", "Marketing")
    SALES = "sales", pgettext_lazy("topic", "Sales")
    TAX = "tax", pgettext_lazy("topic", "Taxes")
    OTHER = "other", pgettext_lazy("topic", "Other")


#: What may be asked about a business that is accompanied (118-p33-3).
BUSINESS_TOPICS = tuple(topic for topic in Topic if topic != Topic.TRAINING)


class Redirection(models.TextChoices):
    TRAINER = "trainer", pgettext_lazy("passed on to", "Business trainer")
    CENTRE = "centre", pgettext_lazy("passed on to", "Employment centre")
    TAX_OFFICE = "tax_office", pgettext_lazy("passed on to", "Tax office: where to ask")


class MessageKind(models.TextChoices):
    QUESTION = "question", pgettext_lazy("message", "Question")
    NOTE = "note", pgettext_lazy("message", "Passed on")
    ANSWER = "answer", pgettext_lazy("message", "Answer")
    AGAIN = "again", pgettext_lazy("message", "Asked again")


class ClosedBy(models.TextChoices):
    CONFIRMED = "confirmed", _("The person confirmed the answer")
    TIME = "time", _("Nothing more was asked")


class ProblemState(models.TextChoices):
    FOUND = "found", pgettext_lazy("problem issue", "Found")
    ASSIGNED = "assigned", pgettext_lazy("problem issue", "Given to a trainer")
    IN_WORK = "in_work", pgettext_lazy("problem issue", "In work")
    RESOLVED = "resolved", pgettext_lazy("problem issue", "Resolved")
    ESCALATED = "escalated", pgettext_lazy("problem issue", "Passed to a higher level")
    CONFIRMED = "confirmed", pgettext_lazy("problem issue", "Confirmed")
    CLOSED = "closed", pgettext_lazy("problem issue", "Closed")
    CLOSED_UNRESOLVED = "closed_unresolved", pgettext_lazy("problem issue", "Closed, not resolved")


PROBLEM_OVER = (ProblemState.CLOSED, ProblemState.CLOSED_UNRESOLVED)


class ProblemCategory(models.TextChoices):
    FINANCE = "finance", pgettext_lazy("category of an issue", "Finance")
    TAX = "tax", pgettext_lazy("category of an issue", "Taxes")
    SALES = "sales", pgettext_lazy("category of an issue", "Sales")
    PERMITS = "permits", pgettext_lazy("category of an issue", "Permits")
    INFRASTRUCTURE = "infrastructure", pgettext_lazy("category of an issue", "Infrastructure")
    STAFF = "staff", pgettext_lazy("category of an issue", "Staff")
    LEGAL = "legal", pgettext_lazy("category of an issue", "Legal")
    OTHER = "other", pgettext_lazy("category of an issue", "Other")


class ProblemSource(models.TextChoices):
    MONITORING = "monitoring", pgettext_lazy("source of an issue", "Monitoring")
    REPORT = "report", pgettext_lazy("source of an issue", "Report")
    ENQUIRY = "enquiry", pgettext_lazy("source of an issue", "Enquiry")


class HigherLevel(models.TextChoices):
    CHAMBER = "chamber", pgettext_lazy("higher level", "Regional chamber of entrepreneurs")
    LEB = "leb", pgettext_lazy("higher level", "Local executive body")
