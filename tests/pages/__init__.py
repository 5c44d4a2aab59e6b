"""The pages that people read: what is in them of settings, and that each command and sample in them does what it says.

`collect` finds the blocks of code, `ways` says how each is run, `settled` fills what depends on settings, `picture`
draws, and `write` does the last two: `make pages`.
"""
