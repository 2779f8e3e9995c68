"""Facts told by the gateways."""

from django.dispatch import Signal

#: An :class:`~bastau.gateways.models.Enquiry` has its answer. Sent exactly once for each, as `enquiry=`, inside the
#: transaction that keeps the answer: a receiver that raises takes the answer back, and the question is asked again.
answered = Signal()
