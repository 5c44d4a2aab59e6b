"""fal's platform API: which requests there were, and what units cost."""
