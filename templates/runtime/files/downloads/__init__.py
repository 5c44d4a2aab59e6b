"""Output files saved: one, or all of some outputs."""
