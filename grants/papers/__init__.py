"""The kinds of papers of grants, by topic."""
