"""What time alone does to the cases of monitoring, by topic."""
