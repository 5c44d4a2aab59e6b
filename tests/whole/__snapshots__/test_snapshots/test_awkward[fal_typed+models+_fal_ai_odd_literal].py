# Generated from specs/types.lock by `fal-typed-generator regenerate`; do not edit.
"""`FalAiOddLiteral`: what endpoints answer with and their documents call `fal-ai_odd_Literal`."""

from .._runtime.emitted import FalModel

__all__ = ["FalAiOddLiteral"]


class FalAiOddLiteral(FalModel):
    x: str | None = None
