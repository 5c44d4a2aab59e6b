"""A proxy that has the key, so that its clients need none."""
