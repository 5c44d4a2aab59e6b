"""The contract of this part with emitted code, as that of `testing`."""

# design: What do emitted modules import from the runtime?

from __future__ import annotations

from .program import main as main
