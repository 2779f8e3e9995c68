"""The pages of monitoring, by topic."""
