"""`input_schema` and `output_schema`, which every endpoint has."""

# design: What do `input_schema` and `output_schema` give?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..checks import quoted
from ..hinting import hinting

if TYPE_CHECKING:
    from typing import Literal

_PACKAGE = __name__.removesuffix("._runtime.inputs.described")


class Described:
    """Something that the package has the schemas of."""

    def input_schema(self) -> dict[str, Any]:
        """What the model takes, as JSON Schema 2020-12 in the document's own words, for a form or a tool.

        Properties are in fal's order, references lead to its own `$defs`, and a text that may be given as a file has
        the mark `x-file`. Each call makes a new one, to be changed as you like. Nothing is asked of fal.

        Raises:
            UnknownEndpointError: The endpoint was not generated.
            FileNotFoundError: The package has lost its file of schemas.
            RuntimeError: That file cannot be read.
        """
        return _schema(self, "input")

    def output_schema(self) -> dict[str, Any]:
        """What the model answers with: as `input_schema`, which says more."""
        return _schema(self, "output")

    if not TYPE_CHECKING:
        input_schema, output_schema = hinting(input_schema), hinting(output_schema)


def _schema(endpoint: Any, side: Literal["input", "output"]) -> dict[str, Any]:
    """One of both. It is no method: editors would offer that."""
    from ..schemas import new_schema

    endpoint_id: str = endpoint._spec.id
    found = new_schema(_PACKAGE, endpoint_id, side)
    if found is None:
        from ..endpoints import UnknownEndpointError

        raise UnknownEndpointError(
            f"no endpoint {quoted(endpoint_id)} was generated: what it takes and gives is not known here"
        )
    return found
