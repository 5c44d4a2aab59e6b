"""Reads fal's documentation of an endpoint: its `llms.txt`, or the text of its API page."""
