"""Who may do which event of grants, by topic."""
