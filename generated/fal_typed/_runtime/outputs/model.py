"""The bases of output models."""

# design: What does a field that the server left out read as?

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import pydantic_core
from pydantic import BaseModel, ConfigDict, PrivateAttr

from ..display.shown import Record, ShownData
from ..errors import billable_units
from .plain import plain, to_json

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


class FalModel(Record, BaseModel):
    """An output, or a part of one. Keeps whatever the server sent, known to the document or not."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        protected_namespaces=(),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )
    _fal: Origin | None = PrivateAttr(None)

    def __shown__(self) -> Mapping[str, Any]:
        if (whole := origin_of(self).received) is not NOTHING:
            return {"received": whole}
        return {**vars(self), **(self.model_extra or {})}

    if not TYPE_CHECKING:  # the signatures are those of BaseModel, and there is no subscript

        def __repr_args__(self) -> Any:
            # What `repr`, `str` and rich show. Where it fits, they have the values themselves.
            from ..display.short import short_fields

            shown = self.__shown__()
            texts = short_fields(shown.items())
            if texts is not None:
                return texts
            is_held = origin_of(self).received is not NOTHING  # pydantic knows its empty fields alone
            return list(shown.items()) if is_held else super().__repr_args__()

        def __getitem__(self, key: object) -> Any:
            from ..habits.dicts import subscript_error

            raise subscript_error(self, key, _read_as(self))

        def __contains__(self, key: object) -> bool:
            from ..habits.dicts import contains_error

            raise contains_error(self, key, _read_as(self), ".model_dump()")

        def __getattr__(self, name: str) -> Any:
            try:
                return super().__getattr__(name)
            except AttributeError:
                if name.startswith("_") or hasattr(type(self), name):  # what a property of its own says
                    raise
                from ..habits.dicts import attribute_error

                own = [each for each in dir(type(self)) if not hasattr(BaseModel, each)]
                read = [each for each in _read_as(self).values() if each.isidentifier()]
                raise attribute_error(self, name, [*read, *own], ".model_dump()") from None

        def model_dump(self, **options: Any) -> Any:
            """As pydantic's; without warnings about values that the server sent and the document does not allow."""
            if (received := origin_of(self).received) is not NOTHING:
                return received
            options.setdefault("warnings", False)
            try:
                return super().model_dump(**options)
            except (ValueError, RecursionError):
                if not _is_followed(options):
                    raise
                return plain(self, lambda value: _fields(value, options))

        def model_dump_json(self, **options: Any) -> str:
            """As pydantic's; see `model_dump`. What it refuses (half a character, deep nesting) is written, too."""
            options.setdefault("warnings", False)
            try:
                if (received := origin_of(self).received) is not NOTHING:
                    return pydantic_core.to_json(received, indent=options.get("indent")).decode()
                return super().model_dump_json(**options)
            except (ValueError, RecursionError):
                if not _is_followed(options):
                    raise
                return to_json(plain(self, lambda value: _fields(value, options)), options.get("indent"))


def _read_as(model: FalModel) -> dict[str, str]:
    """How each field is read, by its names in Python and on the wire."""
    from ..habits.dicts import extra_name

    fields, kind = type(model).model_fields, type(model)
    names = {name: extra_name(name, kind) for name in model.model_extra or {}}
    return {**names, **{name: name for name in fields}, **{fields[name].alias or name: name for name in fields}}


# The options of a dump that are followed where pydantic gives up; with any other, its error is raised.
_FOLLOWED = {"by_alias", "ensure_ascii", "exclude_none", "exclude_unset", "indent", "mode", "warnings"}


def _is_followed(options: Mapping[str, Any]) -> bool:
    return options.keys() <= _FOLLOWED and options["warnings"] != "error"


def _fields(value: Any, options: Mapping[str, Any]) -> Any:
    """What a model holds, by the options of a dump; any other value as it is."""
    if not isinstance(value, FalModel):
        return value
    if (whole := origin_of(value).received) is not NOTHING:
        return whole
    by_alias, without_none = options.get("by_alias") is not False, options.get("exclude_none")
    sent = value.model_fields_set if options.get("exclude_unset") else type(value).model_fields
    fields = {
        field.alias if by_alias and field.alias is not None else name: vars(value)[name]
        for name, field in type(value).model_fields.items()
        if name in sent
    }
    fields |= value.model_extra or {}
    return {name: item for name, item in fields.items() if item is not None} if without_none else fields


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
    return plain(value, lambda item: received(item) if isinstance(item, FalModel) else item)


def set_origin(model: FalModel, origin: Origin) -> None:
    """Remember where an output came from."""
    private = model.__pydantic_private__
    assert private is not None, "it has at least this private attribute"
    private["_fal"] = origin


@dataclass(frozen=True, slots=True, repr=False)
class ResponseInfo(ShownData):
    """The answer that an output came from.

    Attributes:
        request_id: fal's id of the request.
        headers: The answer's headers, case-insensitive.
        served_from: Where fal says that it served the answer from (`X-Fal-Served-From`); None where it does not.
    """

    request_id: str | None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    served_from: str | None = None

    @property
    def billable_units(self) -> float | None:
        """What fal counted for the request (`X-Fal-Billable-Units`); None where it does not say."""
        return billable_units(self.headers)


def read_response_info(headers: Mapping[str, str], request_id: str | None) -> ResponseInfo:
    """The facts in the headers of an answer (fal docs, Response headers)."""
    return ResponseInfo(request_id, headers, headers.get("x-fal-served-from"))


def response_info(output: Any) -> ResponseInfo:
    """The request id, the billable units and the headers of the answer that an output came from.

    Raises:
        LookupError: It carries none: it is a part of an output, a number, a copy of a plain output, or your own.
    """
    carrier = origin_of(output) if isinstance(output, FalModel) else output
    info = getattr(carrier, "response_info", None)
    if not isinstance(info, ResponseInfo):
        raise LookupError(f"this {type(output).__name__} carries no response: only the whole output of a call does")
    return info
