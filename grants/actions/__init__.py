"""The only writers of grants, by topic."""
