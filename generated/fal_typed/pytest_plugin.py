# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""The fixtures `fake_fal`, `fal` and `async_fal`, which pytest finds by itself where the package is
installed.
"""

from ._runtime.testing.plugin import (
    async_fal_fixture,
    fake_fal_fixture,
    fal_fixture,
    pytest_configure,
)

__all__ = [
    "async_fal_fixture",
    "fake_fal_fixture",
    "fal_fixture",
    "pytest_configure",
]
