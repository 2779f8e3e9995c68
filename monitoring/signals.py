"""Facts of monitoring, sent inside the transaction after save: `case`, `by`, `at`."""

from django.dispatch import Signal

# ------------------------------------------------------------------------------------------------ reports and recovery

report_opened = Signal()
report_overdue = Signal()
report_filed = Signal()
report_accepted = Signal()
report_returned = Signal()
misuse_proposed = Signal()
misuse_dropped = Signal()
misuse_found = Signal()
report_settled = Signal()
recovery_explained = Signal()
recovery_silent = Signal()
recovery_closed_explained = Signal()
return_demanded = Signal()
return_missed = Signal()
money_returned = Signal()
sent_to_court = Signal()

# -------------------------------------------------------------------------- accompaniment, enquiries, problem issues

accompaniment_opened = Signal()
consultant_named = Signal()
trainer_named = Signal()
business_launched = Signal()
accompaniment_extended = Signal()
accompaniment_finished = Signal()
accompaniment_stopped = Signal()
visit_planned = Signal()
visit_agreed = Signal()
visit_declined = Signal()
visit_cancelled = Signal()
enquiry_received = Signal()
enquiry_given = Signal()
enquiry_answered = Signal()
enquiry_passed_on = Signal()
enquiry_reopened = Signal()
problem_given = Signal()
problem_resolved = Signal()
problem_rejected = Signal()
problem_escalated = Signal()
