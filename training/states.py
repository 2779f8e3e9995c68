"""States of training: labels for staff; the plainer ones for citizens where they are shown (SPEC 4.3-4.8, 4.17)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# ---------------------------------------------------------------- lists, plans, announcements, groups (SPEC 4.3, 4.17)


class ListState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("monthly list", "Draft")
    SIGNED = "signed", pgettext_lazy("monthly list", "Signed")
    SENT = "sent", pgettext_lazy("monthly list", "Sent")
    RECEIVED = "received", pgettext_lazy("monthly list", "Received")
    SUPPLEMENTED = "supplemented", pgettext_lazy("monthly list", "Supplemented")


#: The chamber sees a list from here on.
LIST_SENT = (ListState.SENT, ListState.RECEIVED, ListState.SUPPLEMENTED)


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("training plan", "Draft")
    SENT_FOR_AGREEMENT = "sent_for_agreement", pgettext_lazy("training plan", "Sent for agreement")
    AGREED = "agreed", pgettext_lazy("training plan", "Agreed")
    RETURNED = "returned", pgettext_lazy("training plan", "Returned")
    APPROVED = "approved", pgettext_lazy("training plan", "Approved")
    ARCHIVED = "archived", pgettext_lazy("training plan", "Archived")


class AnnouncementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    PUBLISHED = "published", pgettext_lazy("announcement", "Published")
    SUPERSEDED = "superseded", pgettext_lazy("announcement", "Superseded")


class GroupState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("training group", "Planned")
    AGREED = "agreed", pgettext_lazy("training group", "Agreed")
    APPROVED = "approved", pgettext_lazy("training group", "Approved")
    ANNOUNCED = "announced", pgettext_lazy("training group", "Announced")
    ENROLLING = "enrolling", pgettext_lazy("training group", "Enrolling")
    READY = "ready", pgettext_lazy("training group", "Ready")
    POSTPONED = "postponed", pgettext_lazy("training group", "Postponed")
    MERGED = "merged", pgettext_lazy("training group", "Merged")
    RUNNING = "running", pgettext_lazy("training group", "Training")
    ASSESSING = "assessing", pgettext_lazy("training group", "Assessing")
    COMPLETED = "completed", pgettext_lazy("training group", "Completed")
    CANCELLED = "cancelled", pgettext_lazy("training group", "Cancelled")


#: Before the schedule is approved its date and place may still be changed.
GROUP_DRAWN = (GroupState.PLANNED, GroupState.AGREED)
#: People may enrol, or are enrolled, and the training has not begun.
GROUP_FILLING = (GroupState.ENROLLING, GroupState.READY)
GROUP_NOT_BEGUN = (
    GroupState.PLANNED,
    GroupState.AGREED,
    GroupState.APPROVED,
    GroupState.ANNOUNCED,
    GroupState.ENROLLING,
    GroupState.READY,
    GroupState.POSTPONED,
)
GROUP_OPEN = (*GROUP_NOT_BEGUN, GroupState.RUNNING, GroupState.ASSESSING)


class GroupChange(models.TextChoices):
    """What the local employment body agrees to besides the schedule (A-16)."""

    MERGE = "merge", pgettext_lazy("change of a group", "merge with another group")
    ONLINE = "online", pgettext_lazy("change of a group", "turn online")


# --------------------------------------------------- course, tests, business plan, stipend (SPEC 4.5, 4.6, 4.8)


class ModuleKind(models.TextChoices):
    MODULE = "module", pgettext_lazy("kind of course block", "module with a test")
    PITCH = "pitch", pgettext_lazy("kind of course block", "training in public speaking")


class ModuleState(models.TextChoices):
    LOCKED = "locked", pgettext_lazy("module", "Locked")
    OPEN = "open", pgettext_lazy("module", "Open")
    IN_TEST = "in_test", pgettext_lazy("module", "Test begun")
    FAILED = "failed", pgettext_lazy("module", "Test not passed")
    PASSED = "passed", pgettext_lazy("module", "Passed")


class FinalState(models.TextChoices):
    CLOSED = "closed", pgettext_lazy("final test", "Not open yet")
    OPEN = "open", pgettext_lazy("final test", "Open")
    IN_TEST = "in_test", pgettext_lazy("final test", "Test begun")
    PASSED = "passed", pgettext_lazy("final test", "Passed")
    LOW = "low", pgettext_lazy("final test", "Low mark")


class BusinessPlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("business plan", "Being written")
    SUBMITTED = "submitted", pgettext_lazy("business plan", "Handed in")
    RETURNED = "returned", pgettext_lazy("business plan", "Returned for correction")
    UNDER_REVIEW = "under_review", pgettext_lazy("business plan", "Under review")
    ASSESSED_POSITIVE = "assessed_positive", pgettext_lazy("business plan", "Assessed positively")
    ASSESSED_NEGATIVE = "assessed_negative", pgettext_lazy("business plan", "Assessed negatively")
    ABSENT = "absent", pgettext_lazy("business plan", "Not handed in")


#: The participant writes in these.
PLAN_WRITABLE = (BusinessPlanState.DRAFT, BusinessPlanState.RETURNED)
PLAN_ASSESSED = (BusinessPlanState.ASSESSED_POSITIVE, BusinessPlanState.ASSESSED_NEGATIVE)
PLAN_CLOSED = (*PLAN_ASSESSED, BusinessPlanState.ABSENT)


class MoneySource(models.TextChoices):
    GRANT = "grant", pgettext_lazy("source of money", "grant")
    OWN = "own", pgettext_lazy("source of money", "own money")


class TaxRegime(models.TextChoices):
    """Regimes of taxation a plan may name (SPEC 2.9); the project of a grant knows the same."""

    SIMPLIFIED = "simplified", pgettext_lazy("tax regime", "simplified declaration")
    RETAIL = "retail", pgettext_lazy("tax regime", "retail tax")
    GENERAL = "general", pgettext_lazy("tax regime", "general regime")
    FARM = "farm", pgettext_lazy("tax regime", "regime for farms")
    UNDECIDED = "undecided", pgettext_lazy("tax regime", "not chosen yet")


class SheetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("stipend sheet", "Draft")
    IN_CHECK = "in_check", pgettext_lazy("stipend sheet", "In check")
    RETURNED = "returned", pgettext_lazy("stipend sheet", "Returned")
    APPROVED = "approved", pgettext_lazy("stipend sheet", "Approved")
    SENT_TO_BANK = "sent_to_bank", pgettext_lazy("stipend sheet", "Sent to the bank")
    EXECUTED = "executed", pgettext_lazy("stipend sheet", "Executed")
    PARTLY_EXECUTED = "partly_executed", pgettext_lazy("stipend sheet", "Partly executed")


#: The director has approved it; its lines are shown to the citizens.
SHEET_APPROVED = (SheetState.APPROVED, SheetState.SENT_TO_BANK, SheetState.EXECUTED, SheetState.PARTLY_EXECUTED)


class LineState(models.TextChoices):
    PAYABLE = "payable", pgettext_lazy("stipend line", "Payable")
    HELD = "held", pgettext_lazy("stipend line", "Held")
    EXCLUDED = "excluded", pgettext_lazy("stipend line", "Excluded")
    PAID = "paid", pgettext_lazy("stipend line", "Paid")
    BANK_RETURNED = "bank_returned", pgettext_lazy("stipend line", "Returned by the bank")


class LineReason(models.TextChoices):
    """Why a line is held or excluded (SPEC 4.8)."""

    NO_ACCOUNT = "NO_ACCOUNT", pgettext_lazy("stipend line", "no account given")
    DECISION_NEEDED = "DECISION_NEEDED", pgettext_lazy("stipend line", "the director decides")
    EXPELLED = "EXPELLED", pgettext_lazy("stipend line", "expelled from the project")
    NOT_ADMITTED = "NOT_ADMITTED", pgettext_lazy("stipend line", "not admitted to the further training")
    ONLINE = "ONLINE", pgettext_lazy("stipend line", "learned online")
    NOT_PROGRAMME = "NOT_PROGRAMME", pgettext_lazy("stipend line", "no referral of a centre")
    BY_DECISION = "BY_DECISION", pgettext_lazy("stipend line", "by the director's decision")


# ---------------------------------------------------------------------------- enrolment (SPEC 4.4), certificate (4.7)


class EnrolmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("enrolment", "Submitted")
    REJECTED = "rejected", pgettext_lazy("enrolment", "Rejected")
    WAITLISTED = "waitlisted", _("On the waiting list")
    ENROLLED = "enrolled", _("Enrolled")
    STUDYING = "studying", _("Studying")
    NOT_ADMITTED = "not_admitted", _("Not admitted further")
    ASSESSING = "assessing", pgettext_lazy("enrolment", "Being assessed")
    EXPELLED = "expelled", _("Expelled")
    COMPLETED_COMPLETION = "completed_completion", _("Completed, certificate of completion")
    COMPLETED_PARTICIPATION = "completed_participation", _("Completed, certificate of participation")
    NOT_PASSED = "not_passed", _("No final result")
    NO_SHOW = "no_show", _("Did not begin")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "Withdrawn")


#: Not ended: a person has at most one of these.
ENROLMENT_OPEN = (
    EnrolmentState.DRAFT,
    EnrolmentState.SUBMITTED,
    EnrolmentState.WAITLISTED,
    EnrolmentState.ENROLLED,
    EnrolmentState.STUDYING,
    EnrolmentState.ASSESSING,
)
#: Holds a place of its group: what is counted against 15 and 70 (118-p22-3).
ENROLMENT_MEMBER = (EnrolmentState.ENROLLED, EnrolmentState.STUDYING, EnrolmentState.ASSESSING)
#: Began to learn and has no result yet.
ENROLMENT_LEARNING = (EnrolmentState.STUDYING, EnrolmentState.ASSESSING)
ENROLMENT_COMPLETED = (EnrolmentState.COMPLETED_COMPLETION, EnrolmentState.COMPLETED_PARTICIPATION)
#: Ends by which the three years of 118-p29 begin (A-23); a withdrawal only when the training had begun.
ENROLMENT_RESULTS = (
    EnrolmentState.NOT_ADMITTED,
    EnrolmentState.EXPELLED,
    *ENROLMENT_COMPLETED,
    EnrolmentState.NOT_PASSED,
)

ENROLMENT_PUBLIC_LABELS = {
    EnrolmentState.DRAFT: _("You have not sent the questionnaire yet"),
    EnrolmentState.SUBMITTED: _("Your application for training is with the chamber"),
    EnrolmentState.REJECTED: _("You were not accepted for training"),
    EnrolmentState.WAITLISTED: _("You are on the waiting list of the group"),
    EnrolmentState.ENROLLED: _("You are enrolled in the group"),
    EnrolmentState.STUDYING: _("You are studying"),
    EnrolmentState.NOT_ADMITTED: _("You were not admitted to the next part of the training"),
    EnrolmentState.ASSESSING: _("Your results are being assessed"),
    EnrolmentState.EXPELLED: _("You were expelled from the project"),
    EnrolmentState.COMPLETED_COMPLETION: _("You completed the training"),
    EnrolmentState.COMPLETED_PARTICIPATION: _("You took part in the training"),
    EnrolmentState.NOT_PASSED: _("The training ended without a final result"),
    EnrolmentState.NO_SHOW: _("You did not begin the training"),
    EnrolmentState.WITHDRAWN: _("You left the training"),
}


class EnrolmentChannel(models.TextChoices):
    PORTAL = "portal", _("Portal")
    COUNTER = "counter", _("Chamber's counter")


class RejectionReason(models.TextChoices):
    """Why an application for training is rejected (SPEC 4.4)."""

    NO_REFERRAL = "NO_REFERRAL", _("no valid referral")
    THREE_YEARS = "THREE_YEARS", _("the group starts before three years have passed since the previous training")
    NOT_OF_POOL = "NOT_OF_POOL", _("not one of the candidates of this chamber")


class ExpulsionReason(models.TextChoices):
    FINAL_TEST_LOW = "FINAL_TEST_LOW", _("low mark in the final test")
    COORDINATOR_ACT = "COORDINATOR_ACT", _("act of the coordinator: no final test taken")


class WithdrawalReason(models.TextChoices):
    OWN_REQUEST = "OWN_REQUEST", _("own request")
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN", _("consent to the processing of personal data withdrawn")
    ABSENCE = "ABSENCE", _("does not attend the classes")


class ConfirmationAsked(models.TextChoices):
    """What the members of a changed group must confirm (118-p13, p22, A-16)."""

    MERGED = "merged", _("the group was merged with another: other dates and place")
    ONLINE = "online", _("the group goes online: no stipend is paid to those who learn at a distance")


class CertificateState(models.TextChoices):
    FORMED = "formed", _("Being formed")
    ISSUED = "issued", pgettext_lazy("certificate", "Issued")
    DUPLICATE_ISSUED = "duplicate_issued", _("Issued as a duplicate")
    ANNULLED = "annulled", _("Annulled")


CERTIFICATE_VALID = (CertificateState.ISSUED, CertificateState.DUPLICATE_ISSUED)


class CertificateKind(models.TextChoices):
    COMPLETION = "COMPLETION", _("Certificate of completion")
    PARTICIPATION = "PARTICIPATION", _("Certificate of participation")
    SKILLS_ENBEK = "SKILLS_ENBEK", _("Certificate of an online course of skills.enbek.kz")
