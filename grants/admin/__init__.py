"""The registers and case pages of grants, by topic; importing them registers them."""

from grants.admin import applications, contracts, meetings

__all__ = ["applications", "contracts", "meetings"]
