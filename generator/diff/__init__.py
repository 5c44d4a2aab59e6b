"""`diff`: what changed between two states of the specs, as the users of the client see it, and how much it matters.

    load ─> surface ─> compare (fields, types) ─> entries ─> report

A surface is all that users can see of a client. `load` finds one in a folder, a git revision or the last release.
"""
