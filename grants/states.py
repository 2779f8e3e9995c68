"""States of the cases of grants: a label for staff, a plainer one for the citizen."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# ------------------------------------------------------------------------------------- the application (SPEC 4.9)


class GrantState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("grant application", "Submitted")
    ACCEPTED = "accepted", _("Accepted")
    IN_CHECK = "in_check", _("In check")
    REJECTED_CRITERIA = "rejected_criteria", pgettext_lazy("grant application", "Does not meet the criteria")
    SCHEDULED = "scheduled", pgettext_lazy("grant application", "On the agenda")
    POSTPONED = "postponed", pgettext_lazy("grant application", "Postponed")
    HEARD = "heard", pgettext_lazy("grant application", "Heard")
    CLOSED_NO_SHOW = "closed_no_show", pgettext_lazy("grant application", "Closed, the applicant did not come")
    APPROVED = "approved", pgettext_lazy("grant application", "Grant awarded")
    RESERVE = "reserve", pgettext_lazy("grant application", "In the reserve")
    REJECTED = "rejected", pgettext_lazy("grant application", "Grant refused")
    LAPSED = "lapsed", pgettext_lazy("grant application", "Award lapsed")
    CONTRACTED = "contracted", pgettext_lazy("grant application", "Contract in force")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: One person has one of these at a time (SPEC 4.9).
GRANT_OPEN = (
    GrantState.DRAFT,
    GrantState.SUBMITTED,
    GrantState.ACCEPTED,
    GrantState.IN_CHECK,
    GrantState.SCHEDULED,
    GrantState.POSTPONED,
    GrantState.HEARD,
    GrantState.APPROVED,
    GrantState.RESERVE,
)
#: The citizen may still take it back: it has not been heard.
GRANT_WITHDRAWABLE = (
    GrantState.DRAFT,
    GrantState.SUBMITTED,
    GrantState.ACCEPTED,
    GrantState.IN_CHECK,
    GrantState.SCHEDULED,
    GrantState.POSTPONED,
)
#: The specialist's part: arrived, and not yet before the commission.
GRANT_CHECKING = (GrantState.ACCEPTED, GrantState.IN_CHECK)
#: The commission granted it.
GRANT_AWARDED = (GrantState.APPROVED, GrantState.CONTRACTED)

GRANT_PUBLIC_LABELS = {
    GrantState.DRAFT: _("You have not sent it yet"),
    GrantState.SUBMITTED: _("Sent, on its way to the labour market system"),
    GrantState.ACCEPTED: _("Accepted by your centre"),
    GrantState.IN_CHECK: _("The centre is checking the criteria"),
    GrantState.REJECTED_CRITERIA: _("The application does not meet the criteria of the grant"),
    GrantState.SCHEDULED: _("The commission will hear you"),
    GrantState.POSTPONED: _("Moved to the next meeting of the commission"),
    GrantState.HEARD: _("The commission has heard you"),
    GrantState.CLOSED_NO_SHOW: _("Closed: you did not come to the commission twice"),
    GrantState.APPROVED: _("The grant is awarded"),
    GrantState.RESERVE: _("You are in the reserve list"),
    GrantState.REJECTED: _("The commission refused the grant"),
    GrantState.LAPSED: _("The award has lapsed"),
    GrantState.CONTRACTED: _("The grant contract is in force"),
    GrantState.WITHDRAWN: _("You withdrew the application"),
}


class Criterion(models.TextChoices):
    """The criteria of the grant (FKA04-1.2, A-30). Which of them apply stands in the law's value A-30."""

    CERTIFICATE = "certificate", _("Certificate of “Bastau Business”, not too old")
    CATEGORY = "category", _("Category of people who may get the grant")
    STANDING = "standing", _("Registered unemployed, or a new entrepreneur")
    NO_EARLIER_GRANT = "no_earlier_grant", _("No grant received before")
    NO_RECOVERY = "no_recovery", _("No grant money to be returned")


class Met(models.TextChoices):
    """The three answers to a criterion (FKA04-1.2)."""

    YES = "yes", pgettext_lazy("criterion", "yes")
    NO = "no", pgettext_lazy("criterion", "no")
    UNKNOWN = "unknown", pgettext_lazy("criterion", "not known yet")


class Source(models.TextChoices):
    """Where the answer to a criterion comes from."""

    ACADEMY = "academy", _("Register of certificates of the training")
    SKILLS = "skills", "skills.enbek.kz"
    LABOUR_MARKET = "labour_market", _("Labour market system")
    APPLICANT = "applicant", _("Your own statement")
    PORTAL = "portal", _("Register of grants of this portal")
    SPECIALIST = "specialist", _("Specialist of the centre")


class Category(models.TextChoices):
    """Who may get the grant (A-30, SPEC 6.8)."""

    DISABILITY = "disability", _("a person with a disability who may work")
    QANDAS = "qandas", _("a qandas")
    MIGRANT = "migrant", _("moved from another region under the resettlement programme")
    ASSISTANCE = "assistance", _("receives targeted social assistance")
    LARGE_FAMILY = "large_family", _("parent of a large family on benefit, or the spouse")
    DISABLED_CHILD = "disabled_child", _("family with a child with a disability")
    SURVIVOR = "survivor", _("receives a survivor's benefit")
    NONE = "none", _("none of these")


class Postponing(models.TextChoices):
    """Why an application is moved to the next meeting (SPEC 4.9, A-35)."""

    ABSENT = "absent", _("the applicant did not come")
    ABSENT_GOOD_REASON = "absent_good_reason", _("the applicant did not come, for a good reason")
    QUORUM = "quorum", _("the quorum was lost")
    COMMISSION = "commission", _("the commission postponed its decision")


class Outcome(models.TextChoices):
    """What the commission decided (SPEC 4.10); the budget may turn a granted one into the reserve."""

    APPROVED = "approved", pgettext_lazy("decision of the commission", "grant")
    RESERVE = "reserve", pgettext_lazy("decision of the commission", "grant, in the reserve until money is released")
    REJECTED = "rejected", pgettext_lazy("decision of the commission", "refuse")
    POSTPONED = "postponed", pgettext_lazy("decision of the commission", "postpone")


class MeetingState(models.TextChoices):
    """The meeting of the commission (SPEC 4.10)."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    NOTIFIED = "notified", pgettext_lazy("meeting", "Notified")
    MATERIALS_SENT = "materials_sent", pgettext_lazy("meeting", "Materials sent")
    OPENED = "opened", pgettext_lazy("meeting", "Opened")
    VOTING = "voting", pgettext_lazy("meeting", "Voting")
    SUSPENDED = "suspended", pgettext_lazy("meeting", "Suspended")
    CLOSED = "closed", pgettext_lazy("meeting", "Closed")
    PROTOCOL_DRAFT = "protocol_draft", pgettext_lazy("meeting", "Draft protocol")
    PROTOCOL_SIGNED = "protocol_signed", pgettext_lazy("meeting", "Protocol signed")
    DECISIONS_ENTERED = "decisions_entered", pgettext_lazy("meeting", "Decisions entered")
    POSTPONED = "postponed", pgettext_lazy("meeting", "Postponed")


MEETING_BEFORE = (MeetingState.PLANNED, MeetingState.NOTIFIED, MeetingState.MATERIALS_SENT, MeetingState.POSTPONED)
MEETING_ROOM = (MeetingState.OPENED, MeetingState.VOTING, MeetingState.SUSPENDED)
MEETING_HELD = (
    MeetingState.CLOSED,
    MeetingState.PROTOCOL_DRAFT,
    MeetingState.PROTOCOL_SIGNED,
    MeetingState.DECISIONS_ENTERED,
)


class CorrectionState(models.TextChoices):
    """The correcting protocol (SPEC 4.10): the only way to mend an entered decision."""

    DRAFTED = "drafted", pgettext_lazy("correcting protocol", "Waits for signatures")
    SIGNED = "signed", pgettext_lazy("correcting protocol", "Signed")
    ENTERED = "entered", pgettext_lazy("correcting protocol", "Entered")


class Choice(models.TextChoices):
    """How a member votes (SPEC 4.10)."""

    FOR = "for", pgettext_lazy("vote", "For")
    AGAINST = "against", pgettext_lazy("vote", "Against")
    ABSTAINED = "abstained", pgettext_lazy("vote", "Abstained")
    RECUSED = "recused", pgettext_lazy("vote", "Recused: conflict of interest")


class Ruling(models.TextChoices):
    """What the commission decides on an application (SPEC 2.10)."""

    GRANT = "grant", pgettext_lazy("decision of the commission", "Grant")
    REFUSE = "refuse", pgettext_lazy("decision of the commission", "Refuse")
    POSTPONE = "postpone", pgettext_lazy("decision of the commission", "Postpone")


class ItemEnd(models.TextChoices):
    """How an item of the agenda ended in the room: with a vote, put off without one, or closed for absence."""

    VOTED = "voted", pgettext_lazy("item of the agenda", "Voted")
    PUT_OFF = "put_off", pgettext_lazy("item of the agenda", "Put off")
    NO_SHOW = "no_show", pgettext_lazy("item of the agenda", "Closed: did not come twice")


class Dissenting(models.TextChoices):
    """What a member may set against a protocol (SPEC 2.10)."""

    REFUSED = "refused", _("refuses to sign")
    DISSENT = "dissent", _("signs with a dissenting opinion")


# ------------------------------------------------------------------ contract and payment (SPEC 4.11, 4.12)


class ContractState(models.TextChoices):
    """The contract (SPEC 4.11), and the supplement that changes its account."""

    AWAITING_DATA = "awaiting_data", pgettext_lazy("contract", "Awaits registration and account")
    DRAFT = "draft", pgettext_lazy("contract", "To be signed by the director")
    SIGNED_BY_HEAD = "signed_by_head", pgettext_lazy("contract", "Signed by the director")
    IN_FORCE = "in_force", pgettext_lazy("contract", "In force")
    COMPLETED = "completed", pgettext_lazy("contract", "Fulfilled")
    TERMINATED = "terminated", pgettext_lazy("contract", "Terminated")
    LAPSED = "lapsed", pgettext_lazy("contract", "Lapsed")


CONTRACT_OFFERED = (ContractState.AWAITING_DATA, ContractState.DRAFT, ContractState.SIGNED_BY_HEAD)
CONTRACT_CONCLUDED = (ContractState.IN_FORCE, ContractState.COMPLETED, ContractState.TERMINATED)

CONTRACT_LABELS = {
    ContractState.AWAITING_DATA: _("The grant is awarded: give your registration and your account"),
    ContractState.DRAFT: _("The director of the centre signs the contract first"),
    ContractState.SIGNED_BY_HEAD: _("Read and sign the contract"),
    ContractState.IN_FORCE: _("The contract is in force"),
    ContractState.COMPLETED: _("The contract is fulfilled"),
    ContractState.TERMINATED: _("The contract is terminated"),
    ContractState.LAPSED: _("The offer of the grant has lapsed"),
}


class RegistrationSource(models.TextChoices):
    """Where it is known from that the applicant is an individual entrepreneur (FKA04-3.1)."""

    REGISTER = "register", _("tax register")
    SCAN = "scan", _("scan of the notice of registration")


class Answer(models.TextChoices):
    """What another system said of what the citizen gave; empty where nothing was asked yet."""

    WAITING = "waiting", pgettext_lazy("answer of a system", "awaited")
    YES = "yes", pgettext_lazy("answer of a system", "confirmed")
    NO = "no", pgettext_lazy("answer of a system", "not confirmed")
    UNKNOWN = "unknown", pgettext_lazy("answer of a system", "not known there")


class PaymentState(models.TextChoices):
    """The payment (SPEC 4.12)."""

    FORMED = "formed", pgettext_lazy("payment", "Formed")
    APPROVED = "approved", pgettext_lazy("payment", "Approved")
    SENT_TO_BANK = "sent_to_bank", pgettext_lazy("payment", "Sent to the bank")
    EXECUTED = "executed", pgettext_lazy("payment", "Executed")
    BANK_RETURNED = "bank_returned", pgettext_lazy("payment", "Returned by the bank")


class ReturnReason(models.TextChoices):
    """Why a bank returned a payment order."""

    ACCOUNT_CLOSED = "account_closed", _("the account is closed")
    ACCOUNT_BLOCKED = "account_blocked", _("the account is blocked")
    OTHER_HOLDER = "other_holder", _("the account belongs to another person")
    OTHER = "other", pgettext_lazy("reason of the bank", "another reason")
