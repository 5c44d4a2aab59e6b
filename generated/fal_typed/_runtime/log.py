"""The package's logger: one DEBUG line per exchange, warnings for what does not match; never a body or a key."""

from __future__ import annotations

import logging

# "fal_typed" once the runtime is copied into the generated package.
logger = logging.getLogger(__name__.partition(".")[0])
