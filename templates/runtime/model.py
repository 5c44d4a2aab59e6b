"""The bases of output models."""

# Accessors at the end of this module are the package's own way in; to callers the names are private.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, PrivateAttr

if TYPE_CHECKING:
    from .response_info import ResponseInfo

NOTHING: Any = ...


class Origin:
    """Where an output came from. Says nothing about its content, so that it is equal to every other one."""

    __slots__ = ("received", "response_info")

    def __init__(self, response_info: ResponseInfo | None = None, received: Any = NOTHING) -> None:
        self.response_info = response_info
        self.received = received
        """The whole body, where it was no object and no field could hold it."""

    def __eq__(self, other: object) -> bool:
        return bool(self.received == (other.received if isinstance(other, Origin) else NOTHING))

    __hash__ = None  # type: ignore[assignment]


class FalModel(BaseModel):
    """An output, or a part of one. Keeps whatever the server sent, known to the document or not."""

    model_config = ConfigDict(
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


class RemoteFile(FalModel):
    """A file that fal keeps at a public URL."""

    url: str


NO_ORIGIN = Origin()


def origin_of(model: FalModel) -> Origin:
    """Where an output came from; nothing is known of its parts."""
    return model._fal or NO_ORIGIN


def set_origin(model: FalModel, origin: Origin) -> None:
    """Remember where an output came from."""
    model._fal = origin
