"""What papers tell. Sent inside the transaction, after the row is saved; argument `paper`."""

from django.dispatch import Signal

rendered = Signal()
