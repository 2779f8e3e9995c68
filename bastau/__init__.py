"""The shared ground of the portal; it knows no domain app."""
