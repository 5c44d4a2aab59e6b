"""The package's logger; never a body, a query or a key.

DEBUG: one line per attempt at an exchange (endpoint, request id, number, milliseconds), what becomes of a call, and
fields of an answer that its document does not name. INFO: what is tried again, and why; why a webhook call was refused.
WARNING: what does not match its document (each field of an endpoint once) or is
new to this version, a host of fal's that cannot be reached, and a webhook verifier that takes anybody's calls.
"""

from __future__ import annotations

import logging

# The package that the runtime is copied into, e.g. "fal_typed", wherever somebody vendors it.
logger = logging.getLogger(__name__.rpartition(".")[0].removesuffix("._runtime"))
