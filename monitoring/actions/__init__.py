"""The only writers of monitoring, by topic."""
