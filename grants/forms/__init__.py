"""The forms of grants, by topic."""
