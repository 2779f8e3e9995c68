"""Facts of the referral path, sent inside the transaction after save: `case`, `by`, `at`."""

from django.dispatch import Signal

application_accepted = Signal()
acceptance_refused = Signal()
check_started = Signal()
check_finished = Signal()
decision_proposed = Signal()
case_sent_back = Signal()
referral_issued = Signal()
referral_refused = Signal()
result_sent_to_sc = Signal()
result_handed_over = Signal()
result_uncollected = Signal()
application_withdrawn = Signal()
