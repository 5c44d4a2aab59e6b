"""What people are told of every real endpoint: all inputs in the signature, and a page that a terminal can show."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

from corpus.corpus import PACKAGE, documents
from corpus.schemas import Schemas

if TYPE_CHECKING:
    from corpus.corpus import Made


def test_every_endpoint_can_be_told(made: Made) -> None:
    rows: Any = importlib.import_module(f"{PACKAGE}._runtime.inputs_told.rows")
    fal: Any = importlib.import_module(PACKAGE).Fal("id:secret")
    for endpoint_id, data in documents().items():
        endpoint, document = fal.endpoints[endpoint_id], Schemas(data)
        inputs = document.properties(document.input)
        found = {row.name: row for row in rows.rows_of(PACKAGE, endpoint._spec)}
        assert len(found) == len(inputs), endpoint_id
        parameters = inspect.signature(endpoint.run).parameters
        assert [name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY] == [*found], endpoint_id
        page = endpoint.__doc__
        assert page.replace("\n", "").isprintable(), endpoint_id
        for name, row in found.items():
            assert f"\n    {name}" in page, endpoint_id
            assert [*row.description.split(), ""][0] in page, endpoint_id
        outputs = rows.output_rows_of(PACKAGE, endpoint._spec)
        assert len(outputs) >= len(document.properties(document.output)), endpoint_id
