"""The machines and their declared deadlines of monitoring, by topic."""
