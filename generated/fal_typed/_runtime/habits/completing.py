"""What IPython may look at while somebody types, and what it shows of a step of a path. Imported where it is loaded."""

# design: What may IPython look at while somebody types?

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

_ENDPOINTS = __name__.removesuffix("_runtime.habits.completing") + "endpoints."


def let_complete(kind: type[object], *, items: bool = False) -> None:
    """Let IPython evaluate attributes of such objects for its completions.

    Args:
        kind: A class of objects whose attributes make objects and do nothing else.
        items: Whether that is true of their items, too.
    """
    try:
        from IPython.core.guarded_eval import EVALUATION_POLICIES

        limited: Any = EVALUATION_POLICIES["limited"]
        limited.allowed_getattr.add(kind)
        if items:
            limited.allowed_getitem.add(kind)
    except (ImportError, AttributeError, KeyError):
        return  # an IPython that decides otherwise


# IPython shows the property when one asks about `fal.a.b?`: of this kind it shows what is there.
class Step(property):
    """An attribute that leads to an endpoint, or to some."""

    def getdoc(self) -> str:  # IPython's name for it
        """The docstring of what is there."""
        return self._below().__doc__ or ""

    def __repr__(self) -> str:
        return repr(self._below())

    def _below(self) -> object:
        assert self.fget is not None
        below: object = self.fget(SimpleNamespace(_session=None))
        return below


class Ids(property):
    """The table of all endpoints, as an attribute of clients."""

    def getdoc(self) -> str:  # IPython's name for it
        """What it is, and the ids in it."""
        assert self.fget is not None
        return "\n".join([self.fget.__doc__ or "", "", *self._table()])

    def __repr__(self) -> str:
        return repr(self._table())

    def _table(self) -> Any:
        assert self.fget is not None
        return self.fget(SimpleNamespace(_session=None, _class_prefix="", _load_table=self.load))

    def load(self) -> Any:
        """What the table is made of."""
        return "", {}


def show_ids(kind: Any) -> None:
    """Have `endpoints` of an emitted client show its ids."""
    if "_load_table" in vars(kind):
        kind.endpoints = found = Ids(kind.endpoints.fget)
        found.load = lambda: kind._load_table(None)  # type: ignore[method-assign]


def show_steps(kind: type[object]) -> None:
    """Have the properties of an emitted class show where they lead."""
    if kind.__module__.startswith(_ENDPOINTS):
        for name, found in [*vars(kind).items()]:
            if type(found) is property:
                setattr(kind, name, Step(found.fget, doc=found.__doc__))
