"""What IPython may look at while somebody types, and what it shows of the table of ids. Imported where it is loaded."""

# design: What may IPython look at while somebody types?

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


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


# IPython shows the property when one asks about `fal.endpoints?`: of this kind it shows what is there.
class Ids(property):
    """The table of all endpoints, as an attribute of clients.

    Attributes:
        load: What the table is made of.
    """

    load: Callable[[], Any]

    def getdoc(self) -> str:  # IPython's name for it
        """What it is, and the ids in it."""
        assert self.fget is not None
        return "\n".join([self.fget.__doc__ or "", "", *self._table()])

    def __repr__(self) -> str:
        return repr(self._table())

    def _table(self) -> Any:
        assert self.fget is not None
        return self.fget(SimpleNamespace(_session=None, _class_prefix="", _load_table=self.load))


def show_ids(kind: Any) -> None:
    """Have `endpoints` of an emitted client show its ids."""
    if "_load_table" in vars(kind):
        kind.endpoints = found = Ids(kind.endpoints.fget)
        found.load = lambda: kind._load_table(None)
