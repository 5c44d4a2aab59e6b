# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The command line, for `python -m` and the package's name alone."""

from ._runtime.cli.emitted import (
    main,
)

__all__ = [
    "main",
]

if __name__ == "__main__":
    raise SystemExit(main())
