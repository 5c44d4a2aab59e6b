# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Verifies webhook calls of fal; needs the extra `webhooks`."""

from ._runtime.emitted import (
    WebhookEvent,
    WebhookVerifier,
)

__all__ = [
    "WebhookEvent",
    "WebhookVerifier",
]
