"""The notices of monitoring, by topic."""
