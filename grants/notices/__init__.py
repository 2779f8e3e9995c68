"""The notices of grants, by topic."""
