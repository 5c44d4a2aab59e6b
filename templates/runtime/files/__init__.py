"""Files on their way up to fal's storage and down from it."""
