"""Forms of monitoring, by topic."""
