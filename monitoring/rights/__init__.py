"""Who may do which event of monitoring, by topic."""
