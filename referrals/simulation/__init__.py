"""Synthetic people driven through the screens' own actions under a moving clock. The same seed, the same run."""
