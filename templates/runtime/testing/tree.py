"""The fakes of endpoints by the names that they have at a client: the tree of the client is walked, and not built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..calls.child import children
from ..checks import suggestion
from ..http.endpoint_ids import check_endpoint_id
from .scripting.endpoint import EndpointFake

if TYPE_CHECKING:
    from ..calls.endpoint import Node
    from ..inputs.spec import EndpointSpec
    from .scripting.notebook import Notebook
    from .scripting.steps import Step
    from .service.catalog import Catalog


class Tree:
    """A namespace of a client, whose endpoints are fakes.

    Args:
        notebook: That of the fake.
        node: The client's.
    """

    def __init__(self, notebook: Notebook, node: Node[Any]) -> None:
        self._notebook = notebook
        self._node = node

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            return _below(self, self._notebook, self._node, name)

    def __dir__(self) -> list[str]:
        return children(type(self._node))

    def __repr__(self) -> str:
        return f"<fakes below {type(self._node).__name__}>"


class TreeEndpoint(EndpointFake[Any, Any]):
    """The fake of an endpoint, which others may be below."""

    def __init__(
        self, notebook: Notebook, spec: EndpointSpec, step: Step | None = None, *, node: Node[Any] | None = None
    ) -> None:
        super().__init__(notebook, spec, step)
        self._node = node

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            return _below(self, self._notebook, self.__dict__.get("_node"), name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *(() if self._node is None else children(type(self._node)))})


class EndpointFakes(Mapping[str, EndpointFake[Any, Any]]):
    """A mapping from endpoint id to fake; `fake.endpoint(id)` has those that were not generated."""

    def __init__(self, notebook: Notebook, catalog: Catalog) -> None:
        self._notebook = notebook
        self._catalog = catalog

    def __getitem__(self, endpoint_id: str) -> EndpointFake[Any, Any]:
        if endpoint_id not in self._catalog:
            hint = self._catalog.hint(endpoint_id) or ";"
            raise KeyError(f"no endpoint {endpoint_id!r} was generated{hint} fake.endpoint(...) takes any id")
        return fake_of(self._notebook, self._catalog, endpoint_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalog)

    def __len__(self) -> int:
        return sum(1 for _ in self._catalog)


def fake_of(notebook: Notebook, catalog: Catalog, endpoint_id: str) -> EndpointFake[Any, Any]:
    """The fake of an endpoint by its id."""
    return EndpointFake(notebook, catalog.spec(check_endpoint_id(endpoint_id)))


def _below(owner: object, notebook: Notebook, node: Node[Any] | None, name: str) -> Any:
    """What is at a name below a node of a client."""
    if node is not None and name in children(type(node)):
        child: Any = getattr(node, name)
        return TreeEndpoint(notebook, child._spec, node=child) if hasattr(child, "_spec") else Tree(notebook, child)
    hint = "" if name.startswith("_") else suggestion(name, dir(owner))
    raise AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}{hint}", name=name)
