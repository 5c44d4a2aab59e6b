# Generated from specs/ by `fal-typed-generator regenerate`; do not edit.
"""Traces of calls, by OpenTelemetry; needs the extra `otel`."""

from ._runtime.emitted import (
    Tracing,
)

__all__ = [
    "Tracing",
]
