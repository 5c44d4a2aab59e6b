# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""One module for each endpoint, by its id."""
