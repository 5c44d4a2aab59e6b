"""Outputs as inputs: where an object is taken, a model of an output is laid open as what the server sent.

Nobody looks for models before the check: what it refuses tells where one stands for an object. That one is laid open,
and the check runs again, a round for each level of nesting. What stands where anything goes is never refused: it is
laid open when it is written as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks import is_mapping, is_object
from ..outputs.model import FalModel, received
from .messages import has
from .wire_names import python_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from pydantic import ValidationError

    from .spec import EndpointSpec

    Place: TypeAlias = tuple[str | int, ...]

# One a level of nesting; no document is as deep.
_MOST_ROUNDS = 100


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
            RecursionError: A model contains itself, or is nested too deeply.
        """
        self._rounds += 1
        if self._rounds > _MOST_ROUNDS:
            raise RecursionError
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        refused = [(each["type"], *_place(each["loc"], self.given)) for each in errors]
        changed = [self._changed(*each) for each in refused]
        return any(changed)

    def _changed(self, kind: str, place: Place, value: Any) -> bool:
        if kind == "dict_type" and isinstance(value, FalModel):
            self._lay_open(place, value)
            return True
        model = self._models.get(place[:-1])
        is_new = kind == "extra_forbidden" and model is not None and place[-1] in (model.model_extra or ())
        if model is None or not (value is None or is_new):
            return False
        # No caller wrote it, and the input has no use for it: a null, or a field that the output's document lacks, too.
        self._copy(place[:-1]).pop(place[-1], None)
        return True

    def _lay_open(self, place: Place, model: FalModel) -> None:
        if any(self._models.get(place[:length]) is model for length in range(len(place))):
            raise RecursionError
        fields = received(model)
        if is_object(fields):  # else it holds a body that was no object
            self._models[place] = model
            self._copied.add(place)
            fields = self._named(place, fields)
        self._copy(place[:-1])[place[-1]] = fields

    def _named(self, place: Place, fields: dict[str, Any]) -> dict[str, Any]:
        """Fields by the names that the input has for them."""
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
