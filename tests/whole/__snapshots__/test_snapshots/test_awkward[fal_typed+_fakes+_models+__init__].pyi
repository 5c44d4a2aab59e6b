# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
