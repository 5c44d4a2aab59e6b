"""`client.endpoints`: every generated endpoint by its id, made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from .checks import suggestion


class UnknownEndpointError(KeyError):
    """No endpoint of that id was generated."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError shows the repr of a key; this is a sentence


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
        hint = suggestion(str(endpoint_id), self._modules)
        raise UnknownEndpointError(
            f"no endpoint {endpoint_id!r} was generated{hint or ';'} "
            f"any other id can be called through .endpoint({endpoint_id!r})"
        )

    def __contains__(self, endpoint_id: object) -> bool:
        return endpoint_id in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __repr__(self) -> str:
        return f"<{len(self)} endpoints>"
