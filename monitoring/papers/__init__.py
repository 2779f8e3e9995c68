"""The kinds of papers of monitoring, by topic."""
