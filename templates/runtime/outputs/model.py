"""The bases of output models."""

# design: What does a field that the server left out read as?

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr

from ..checks import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Any = ...


class Origin:
    """Where an output came from. Says nothing about its content, so that it is equal to every other one."""

    __slots__ = ("http_client", "received", "response_info")

    def __init__(
        self, response_info: ResponseInfo | None = None, received: Any = NOTHING, http_client: Any = None
    ) -> None:
        self.response_info = response_info
        self.http_client = http_client
        """The caller's own client that the output came by; it saves the output's files, too."""
        self.received = received
        """The whole body, where it was no object and no field could hold it."""

    def __eq__(self, other: object) -> bool:
        return bool(self.received == (other.received if isinstance(other, Origin) else NOTHING))

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Origin, (self.response_info, self.received)  # connections stay where they are


class FalModel(BaseModel):
    """An output, or a part of one. Keeps whatever the server sent, known to the document or not."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        protected_namespaces=(),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )
    _fal: Origin | None = PrivateAttr(None)

    if not TYPE_CHECKING:  # the signatures are those of BaseModel

        def model_dump(self, **options: Any) -> Any:
            """As pydantic's; without warnings about values that the server sent and the document does not allow."""
            if (received := origin_of(self).received) is not NOTHING:
                return received
            options.setdefault("warnings", False)
            return super().model_dump(**options)

        def model_dump_json(self, **options: Any) -> str:
            """As pydantic's; see `model_dump`."""
            if (received := origin_of(self).received) is not NOTHING:
                from pydantic_core import to_json

                return to_json(received, indent=options.get("indent")).decode()
            options.setdefault("warnings", False)
            return super().model_dump_json(**options)


class OpenModel(FalModel):
    """An output, or a part of one, whose document welcomes fields that it does not name: they are no mismatch."""


NO_ORIGIN = Origin()


def origin_of(model: FalModel) -> Origin:
    """Where an output came from; nothing is known of its parts."""
    private = model.__pydantic_private__ or {}
    origin: Origin = private.get("_fal") or NO_ORIGIN
    return origin


def received(model: FalModel) -> Any:
    """What the server sent of an output, or a part of one, by the names of the wire; its own parts are models yet."""
    if (whole := origin_of(model).received) is not NOTHING:
        return whole
    values, sent = vars(model), model.model_fields_set
    fields = {
        name if field.alias is None else field.alias: values[name]
        for name, field in type(model).model_fields.items()
        if name in sent
    }
    return {**fields, **(model.model_extra or {})}


def as_received(value: Any) -> Any:
    """An output, or any part of one, without models: what the server sent."""
    if isinstance(value, FalModel):
        return as_received(received(value))
    if is_object(value):
        return {name: as_received(item) for name, item in value.items()}
    return [as_received(item) for item in value] if is_array(value) else value


def set_origin(model: FalModel, origin: Origin) -> None:
    """Remember where an output came from."""
    private = model.__pydantic_private__
    assert private is not None, "it has at least this private attribute"
    private["_fal"] = origin


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
    return ResponseInfo(request_id, units, headers)


def response_info(output: Any) -> ResponseInfo:
    """The request id, the billable units and the headers of the answer that an output came from.

    Raises:
        LookupError: It was not made by a call: it is a part of an output, a plain dict of `endpoint(id)`, or your own.
    """
    info = origin_of(output).response_info if isinstance(output, FalModel) else None
    if info is None:
        raise LookupError(
            f"this {type(output).__name__} carries no response: only the output model of a generated endpoint does"
        )
    return info
