"""What the citizen's cabinet shows of monitoring, by topic."""
