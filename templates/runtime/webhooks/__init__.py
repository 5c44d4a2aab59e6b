"""fal's calls to a service of the caller's."""
