"""The search of a site without a browser: Node runs find.js over an index and answers with what the box would show."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from javascript.node import needed_node

from generator.site.facts import EndpointFacts, FieldFacts, Guide, SharedType, SiteFacts, TypeFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

ASSETS = Path(__file__).parents[2] / "templates" / "site" / "assets"
_ASK = """
globalThis.self = globalThis;
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const text of given.scripts) (0, eval)(text);
const index = self.siteSearch.opened(self.searchIndex);
const plain = (name) => (name === "description" ? name : [name.kind, name.name, name.top, name.inner]);
const answers = given.queries.map((query) =>
  self.siteSearch.results(index, query).map(({ page, names }) => [page.name, page.path, names.map(plain)]));
process.stdout.write(JSON.stringify(answers));
"""


def asked(index: str, *queries: str) -> list[list[Any]]:
    """What each query finds, the best first: the page's name, its path, and the names it was found by."""
    given = {"scripts": [(ASSETS / "find.js").read_text(encoding="utf-8"), index], "queries": queries}
    command = [needed_node().program, "-e", _ASK]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=False, timeout=60)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def field(name: str, *members: str, types: tuple[TypeFacts, ...] = ()) -> FieldFacts:
    """A field, of which nothing matters but its name, its members and what is below it."""
    return FieldFacts(name=name, wire_name=name, type="str", required=False, members=members, types=types)


def type_of(name: str, *fields: FieldFacts) -> TypeFacts:
    """A type."""
    return TypeFacts(name=name, kind="models", module="fal_typed.models", fields=fields)


def endpoint(
    endpoint_id: str,
    *inputs: FieldFacts,
    outputs: Iterable[FieldFacts] = (),
    category: str = "image-to-image",
    prose: str = "",
    attribute: str = "",
    deprecated: str = "",
    takes: tuple[str, ...] = (),
) -> EndpointFacts:
    """An endpoint, with what the search looks at."""
    usual = "fal." + endpoint_id.removeprefix("fal-ai/").replace("-", "_").replace("/", ".")
    return EndpointFacts(
        id=endpoint_id,
        owner=endpoint_id.split("/")[0],
        attribute=attribute or usual,
        category=category,
        summary=prose,
        prose=prose,
        documentation="",
        thumbnail="",
        called_as="",
        deprecated=deprecated,
        streams=False,
        event="",
        untyped=False,
        input=TypeFacts(name="Input", kind="params", module="m", fields=inputs),
        outputs=(type_of("Output", *outputs),),
        output_type="Output",
        samples=(),
        takes=takes,
        siblings=(),
        since=None,
        changes=(),
    )


def facts_of(*endpoints: EndpointFacts, types: tuple[str, ...] = (), guides: tuple[Guide, ...] = ()) -> SiteFacts:
    """A site of some endpoints."""
    return SiteFacts(
        title="Reference",
        package="fal_typed",
        install="pip install it",
        version="0",
        repository="",
        thumbnails=False,
        endpoints=tuple(sorted(endpoints, key=lambda one: one.id)),
        types=tuple(SharedType(type=type_of(name), note="", used_by=()) for name in types),
        guides=guides,
        changelog="",
    )
