"""An output of an endpoint: valid by its document, and the same for the same input."""

# design: What does the fake answer?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .asked import asked
from .dice import seed_of
from .files import Files
from .kinds import is_object
from .maker import CannotMake, Maker
from .place import Place
from .reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..media.wish import Wish


class NoOutputError(ValueError):
    """No output could be made that a document's schema allows."""


def output_of(
    schema: Mapping[str, Any],
    *,
    endpoint_id: str,
    input: Any,
    file_url: Callable[[Wish], str],
    input_schema: Mapping[str, Any] | None = None,
) -> Any:
    """Make an output.

    Args:
        schema: Of the output: JSON Schema (2020-12), its definitions within it.
        endpoint_id: Whose output it is.
        input: What the endpoint was asked for: size, number and format of the files, and what outputs repeat.
        file_url: Where a file can be fetched (`media.wish.url_path` has the path).
        input_schema: Of the input: what was left out of it counts as its default.

    Returns:
        A value of JSON that the schema allows; the same for the same endpoint, input and schema in every process.

    Raises:
        NoOutputError: None was found.
    """
    sent: dict[str, Any] = input if is_object(input) else {}
    defaults = _defaults(input_schema or {})
    given, wanted = {**defaults, **sent}, asked(sent, defaults)
    files = Files(endpoint_id, wanted, file_url)
    maker = Maker(Reading(schema), seed_of(endpoint_id, given or input), given, wanted, files)
    try:
        return maker.value(schema, Place())
    except (CannotMake, RecursionError) as error:  # the second where a reference is nothing but itself
        told = f"{endpoint_id}: no output could be made by its schema ({error}); script one, with returns(…)"
        raise NoOutputError(told) from None


def _defaults(schema: Mapping[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = Reading(schema).flat(schema).get("properties", {})
    return {
        name: one["default"] for name, one in properties.items() if is_object(one) and one.get("default") is not None
    }
