"""Forms of training, by topic."""
