"""The pages of training, by topic."""
