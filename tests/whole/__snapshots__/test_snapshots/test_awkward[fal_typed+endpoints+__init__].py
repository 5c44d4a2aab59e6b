# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""One module for each endpoint, by its id."""
