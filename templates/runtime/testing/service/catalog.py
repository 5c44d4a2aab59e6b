"""The endpoints of the package, and what their documents say."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...checks import suggestion
from ...inputs.spec import EndpointSpec
from ..values.outputs import output_of
from .files import file_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...schemas import Schemas
    from ..messages import Json
    from ..scripting.script import Call

# The stream of an endpoint is at a path below it, or its id ends so.
STREAM = "/stream"


class Catalog:
    """Reads an endpoint's module when it is asked for.

    Args:
        package: Whose endpoints.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._specs: dict[str, EndpointSpec] = {}

    @cached_property
    def _modules(self) -> Mapping[str, tuple[str, str]]:
        found: Mapping[str, tuple[str, str]] = import_module(f"{self._package}._registry").ENDPOINTS
        return found

    def __contains__(self, endpoint_id: object) -> bool:
        return endpoint_id in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def spec(self, endpoint_id: str) -> EndpointSpec:
        """What is known of an endpoint; of one that was not generated, its id alone."""
        if endpoint_id not in self._specs:
            self._specs[endpoint_id] = self._read(endpoint_id)
        return self._specs[endpoint_id]

    def schemas(self, endpoint_id: str) -> Schemas | None:
        """The schemas of its document; None for one that was not generated."""
        from ...schemas import schemas_of

        return schemas_of(self._package, endpoint_id)

    def id_at(self, path: str) -> str | None:
        """The endpoint that is called at a path; an alias is not called at its id."""
        return path if path in self._modules else self._aliases.get(path)

    def hint(self, path: str) -> str:
        """Which one may be meant."""
        return suggestion(path, self._modules)

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {spec.path: spec.id for spec in map(self.spec, self._modules) if spec.path != spec.id}

    def _read(self, endpoint_id: str) -> EndpointSpec:
        if endpoint_id not in self._modules:
            return EndpointSpec(endpoint_id)
        module, name = self._modules[endpoint_id]
        kind: Any = getattr(import_module(f"{self._package}.endpoints.{module}"), name)
        spec: EndpointSpec = kind._spec
        return spec


def output_by(schemas: Schemas, call: Call, files: str) -> Json:
    """An output that is valid by a document, and the same for the same input.

    Args:
        schemas: The document's.
        call: What is asked.
        files: How the URLs of its files begin.
    """
    made: Json = output_of(
        schemas.output,
        endpoint_id=call.endpoint_id,
        input=call.input,
        file_url=lambda wish: file_url(files, wish),
        input_schema=schemas.input,
    )
    return made
