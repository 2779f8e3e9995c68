"""The machines and their declared deadlines of training, by topic."""
