"""Conditions of the transitions of training, by topic. Each carries the sentence its disabled button shows."""
