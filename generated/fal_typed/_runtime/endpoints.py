"""`client.endpoints`: every generated endpoint by its id, made when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from .checks import quoted, suggestion

_TYPO = 0.85  # so near are two spellings of one id


def _numbers_and_parts(endpoint_id: str) -> list[str]:
    return [each for each in endpoint_id if each.isdigit() or each == "/"]


def _lacks_one(given: str, meant: str) -> bool:
    return len(given) + 1 == len(meant) and any(meant[:at] + meant[at + 1 :] == given for at in range(len(meant)))


class UnknownEndpointError(KeyError):
    """No endpoint of that id was generated."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError shows the repr of a key; this is a sentence


# A traceback then names what users import.
UnknownEndpointError.__module__ = __name__.removesuffix("._runtime.endpoints")


class EndpointTable(Mapping[str, Any]):
    """A mapping from endpoint id to endpoint object."""

    def __init__(
        self, session: Any, package: str, modules: Mapping[str, tuple[str, str]], *, class_prefix: str = ""
    ) -> None:
        self._session = session
        self._package = package
        self._modules = modules
        self._class_prefix = class_prefix

    def __getitem__(self, endpoint_id: str) -> Any:
        try:
            module, name = self._modules[endpoint_id]
        except KeyError:
            pass
        else:
            return getattr(import_module(f"{self._package}.{module}"), self._class_prefix + name)(self._session)
        hint = suggestion(str(endpoint_id), self._nearly(str(endpoint_id)), cutoff=_TYPO)
        raise UnknownEndpointError(
            f"no endpoint {quoted(endpoint_id)} was generated{hint or ';'} "
            f"any other id can be called through .endpoint({quoted(endpoint_id)})"
        )

    def _nearly(self, endpoint_id: str) -> list[str]:
        """The ids that only letters set apart, or one missing character: with other numbers it is another model."""
        found = _numbers_and_parts(endpoint_id)
        return [each for each in self._modules if found == _numbers_and_parts(each) or _lacks_one(endpoint_id, each)]

    def __contains__(self, endpoint_id: object) -> bool:
        return endpoint_id in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def _ipython_key_completions_(self) -> list[str]:
        return [*self]

    def __repr__(self) -> str:
        return f"<{len(self)} endpoints>"


if "IPython.core.completer" in sys.modules:
    from .habits.completing import let_complete

    let_complete(EndpointTable, items=True)
