# Generated from specs/ by `python -m generator regenerate`; do not edit.
"""Verifies webhook calls of fal; needs the extra `webhooks`."""

from ._runtime.webhooks import (
    WebhookEvent,
    WebhookVerifier,
)

__all__ = [
    "WebhookEvent",
    "WebhookVerifier",
]
