"""The fake of fal that other people's tests use: its service, its scripts, its cassettes and its server."""
