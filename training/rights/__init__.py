"""Who may do which event of training, by topic."""
