"""What came with an output, beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ResponseInfo:
    """The answer that an output came from.

    Attributes:
        request_id: fal's id of the request.
        billable_units: What fal counted for it (`X-Fal-Billable-Units`); None where it does not say.
        headers: The answer's headers, case-insensitive.
    """

    request_id: str | None
    billable_units: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def read_response_info(headers: Mapping[str, str], request_id: str | None) -> ResponseInfo:
    """The facts in the headers of an answer (fal docs, Response headers)."""
    try:
        units = float(headers.get("x-fal-billable-units", ""))
    except ValueError:
        units = None
    return ResponseInfo(headers.get("x-fal-request-id") or request_id, units, headers)


def response_info(output: Any) -> ResponseInfo:
    """The request id, the billable units and the headers of the answer that an output came from.

    Raises:
        LookupError: It was not made by a call: it is a part of an output, a plain dict of `endpoint(id)`, or your own.
    """
    from .model import FalModel, origin_of

    info = origin_of(output).response_info if isinstance(output, FalModel) else None
    if info is None:
        raise LookupError(
            f"this {type(output).__name__} carries no response: only the output model of a generated endpoint does"
        )
    return info
