# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The command line; needs the extra `cli`."""

from ._runtime.cli.emitted import (
    main,
)

__all__ = [
    "main",
]

if __name__ == "__main__":
    raise SystemExit(main())
