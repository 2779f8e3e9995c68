"""The notices of training, by topic."""
