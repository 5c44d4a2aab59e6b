"""Outputs as inputs: where an object is taken, a model of an output is laid open as what the server sent.

Nobody looks for models before the check: what it refuses tells where one stands for an object. That one is laid open
with all that is in it, and the check runs again. What stands where anything goes is never refused: it is laid open when
it is written as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks import is_array, is_mapping, is_object
from ..files.file_input import is_file
from ..outputs.model import FalModel, received
from .messages import has
from .wire_names import python_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from pydantic import ValidationError

    from .spec import EndpointSpec

    Place: TypeAlias = tuple[str | int, ...]

# Two are the rule: models are laid open, and what then does not fit is mended. A union may need more.
_MOST_ROUNDS = 10


class LaidOpen:
    """An input on its way from models to objects. The caller's own values stay as they are.

    Attributes:
        given: The input as it is now.
    """

    def __init__(self, spec: EndpointSpec, given: Mapping[str, Any]) -> None:
        self.given = dict(given)
        self._spec = spec
        self._models: dict[Place, FalModel] = {}
        self._copied: set[Place] = {()}
        self._rounds = 0

    def further(self, error: ValidationError) -> bool:
        """Whether anything that was refused is otherwise now, so that the check may run again.

        Raises:
            RecursionError: A model contains itself.
        """
        self._rounds += 1
        if self._rounds > _MOST_ROUNDS:
            return False
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        refused = [(each["type"], *_place(each["loc"], self.given)) for each in errors]
        changed = [self._changed(*each) for each in refused]
        return any(changed)

    def _changed(self, kind: str, place: Place, value: Any) -> bool:
        if kind == "dict_type" and isinstance(value, FalModel):
            self._copy(place[:-1])[place[-1]] = self._laid_open(value, place)
        elif kind == "file_input" and is_object(value) and is_file(self._models.get(place)):
            self._copy(place[:-1])[place[-1]] = self._models[place]
        elif self._is_needless(kind, place, value):
            self._copy(place[:-1]).pop(place[-1], None)
        else:
            return False
        return True

    def _is_needless(self, kind: str, place: Place, value: Any) -> bool:
        """Whether no caller wrote it, and the input has no use for it: a null, or what no document knows."""
        model = self._models.get(place[:-1])
        if model is None or not isinstance(place[-1], str):
            return False
        return value is None or (kind == "extra_forbidden" and place[-1] in (model.model_extra or ()))

    def _laid_open(self, value: Any, place: Place) -> Any:
        """What the server sent, by the names that the input has for it; nothing in it is the caller's."""
        if isinstance(value, FalModel):
            self._models[place] = value
            value = received(value)
            value = self._named(place, value) if is_object(value) else value  # else a body that was no object
        if is_object(value):
            self._copied.add(place)
            return {name: self._laid_open(item, (*place, name)) for name, item in value.items()}
        if is_array(value):
            self._copied.add(place)
            return [self._laid_open(item, (*place, index)) for index, item in enumerate(value)]
        return value

    def _named(self, place: Place, fields: dict[str, Any]) -> dict[str, Any]:
        if not self._spec.renamed:
            return fields
        names = python_names(self._spec.input, place)
        others = set(names.values()) - names.keys()  # what Python alone calls so is another field
        return {names.get(name, name): value for name, value in fields.items() if name not in others}

    def _copy(self, place: Place) -> Any:
        """The container at a place, which may be changed: those on the way to it are copied once."""
        container: Any = self.given
        for length, step in enumerate(place, 1):
            if place[:length] not in self._copied:
                self._copied.add(place[:length])
                inner = container[step]
                container[step] = dict(inner) if is_mapping(inner) else list(inner)
            container = container[step]
        return container


def _place(location: Place, given: Any) -> tuple[Place, Any]:
    """Where in an input an error is, and what stands there: without the labels of union branches."""
    path: list[str | int] = []
    for step in location:
        if has(given, step):
            path.append(step)
            given = given[step]
    return tuple(path), given
