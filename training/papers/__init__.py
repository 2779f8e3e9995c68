"""The kinds of papers of training, by topic."""
