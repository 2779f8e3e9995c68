"""The only writers of applications. Each verb is atomic; what changes a status ends in `perform`."""

from referrals.actions.acceptance import accept, refuse_acceptance, submit
from referrals.actions.attachments import MOST_SHEETS, attach, attached, detach
from referrals.actions.checking import (
    ask_again,
    finish_check,
    give_out,
    mark_by_hand,
    note_check_answer,
    take,
)
from referrals.actions.deciding import (
    decide,
    decision_papers,
    hand_over,
    mark_uncollected,
    propose_issue,
    propose_refusal,
    send_back,
    send_to_sc,
    withdraw,
)
from referrals.actions.drafting import (
    OpenApplicationExists,
    answer,
    application_paper,
    ask_anew,
    consent,
    note_register_answer,
    prepare_application,
    start,
)

__all__ = [
    "MOST_SHEETS",
    "OpenApplicationExists",
    "accept",
    "answer",
    "application_paper",
    "ask_again",
    "ask_anew",
    "attach",
    "attached",
    "consent",
    "decide",
    "decision_papers",
    "detach",
    "finish_check",
    "give_out",
    "hand_over",
    "mark_by_hand",
    "mark_uncollected",
    "note_check_answer",
    "note_register_answer",
    "prepare_application",
    "propose_issue",
    "propose_refusal",
    "refuse_acceptance",
    "send_back",
    "send_to_sc",
    "start",
    "submit",
    "take",
    "withdraw",
]
