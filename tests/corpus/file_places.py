"""Where files stand: as a schema marks them, and as the emitted types take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args, get_origin
from urllib.parse import unquote

from typing_extensions import get_type_hints, is_typeddict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# Keys from the root; `*` is any item and any key that is data.
Place = tuple[str, ...]


def marked(root: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The marks of a schema, by their places; what leads back to itself is followed once."""
    return _marked(root, root.get("$defs", {}), (), ())


def _marked(
    schema: Any, definitions: dict[str, Any], place: Place, within: tuple[str, ...]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    if not isinstance(schema, dict):
        return
    if "x-file" in schema:
        yield place, schema["x-file"]
    if "$ref" in schema and (name := _name(schema["$ref"])) not in within:
        yield from _marked(definitions[name], definitions, place, (*within, name))
    for keyword in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(keyword, []):
            yield from _marked(part, definitions, place, within)
    for key, one in schema.get("properties", {}).items():
        yield from _marked(one, definitions, (*place, key), within)
    for one in (schema.get("items"), schema.get("additionalProperties"), *schema.get("prefixItems", [])):
        yield from _marked(one, definitions, (*place, "*"), within)


def _name(reference: str) -> str:
    return unquote(reference.removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")


class Taken:
    """What the types of a package take files for.

    Args:
        file_input: The package's module `_runtime.files.file_input`.
    """

    def __init__(self, file_input: ModuleType) -> None:
        self._or_name = {id(one): name for one, name in ((file_input.URL_ONLY, False), (file_input.NO_PATH, True))}
        for kind, name in ((file_input.FileInput, False), (file_input.FileOrName, True)):
            self._or_name[id(kind.__metadata__[0])] = name

    def places(self, hint: Any, place: Place = (), within: tuple[Any, ...] = ()) -> Iterator[tuple[Place, bool]]:
        """Where an annotation takes a file, and whether it takes a name there, too."""
        for marker in getattr(hint, "__metadata__", ()):
            if id(marker) in self._or_name:
                yield place, self._or_name[id(marker)]
        if is_typeddict(hint):
            if hint not in within:
                for name, field in get_type_hints(hint, include_extras=True).items():
                    yield from self.places(field, (*place, _alias(field, name)), (*within, hint))
            return
        is_many = isinstance(origin := get_origin(hint), type) and issubclass(origin, Sequence | Mapping)
        for one in get_args(hint):
            yield from self.places(one, (*place, "*") if is_many else place, within)


def _alias(hint: Any, name: str) -> str:
    markers = list(getattr(hint, "__metadata__", ()))
    found = [marker.alias for marker in markers if getattr(marker, "alias", None) is not None]
    if found:
        return str(found[0])
    return next((got for one in get_args(hint) if (got := _alias(one, name)) != name), name) if not markers else name
