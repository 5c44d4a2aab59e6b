"""The servers that a proxy runs in: each asks the rules, and moves the bytes."""
