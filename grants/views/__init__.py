"""The pages of grants, by topic."""
