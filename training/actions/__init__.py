"""The only writers of training, by topic."""
