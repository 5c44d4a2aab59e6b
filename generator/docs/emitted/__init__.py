"""Looks at the emitted package as a user's tools do."""
