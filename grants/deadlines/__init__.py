"""The machines and their declared deadlines of grants, by topic."""
