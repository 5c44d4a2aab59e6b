"""The pinned OpenAPI documents, read with json alone: what a call may hold, and what an answer looks like."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from .catalog import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]
LEFT_OUT = object()


@dataclass(frozen=True)
class Place:
    """A place in an input: a field, a field of a nested object, or an item of a list."""

    path: Path
    branches: tuple[dict[str, Any], ...]
    required: bool

    @property
    def dotted(self) -> str:
        return ".".join(map(str, self.path))

    @property
    def kinds(self) -> set[str]:
        """JSON types that fit, with `enum` for strings of which not every one does."""
        return {"enum" if "enum" in branch else branch["type"] for branch in self.branches}

    def rule(self, *names: str) -> Any:
        """The value of the first of these keywords that a branch has."""
        return next((branch[name] for branch in self.branches for name in names if name in branch), None)

    def allows(self, value: object) -> bool:
        """Whether the JSON type of a value is one of those that fit. Bounds and contents are not looked at."""
        kinds = self.kinds
        if isinstance(value, str):
            return "string" in kinds or ("enum" in kinds and value in self.rule("enum"))
        if isinstance(value, bool):
            return "boolean" in kinds
        names = {int: {"integer", "number"}, float: {"number"}, list: {"array"}, dict: {"object"}}
        return bool(kinds & names.get(type(value), {"null"}))


class Document:
    """One endpoint's document."""

    def __init__(self, endpoint_id: str) -> None:
        self.id = endpoint_id
        raw = json.loads((ROOT / "specs" / f"{endpoint_id}.json").read_text(encoding="utf-8"))
        self.schemas: dict[str, Any] = raw["components"]["schemas"]
        post = raw["paths"][f"/{endpoint_id}"]["post"]["requestBody"]
        get = raw["paths"][f"/{endpoint_id}/requests/{{request_id}}"]["get"]["responses"]["200"]
        self.input = self._resolved(post["content"]["application/json"]["schema"])
        self.output = self._resolved(get["content"]["application/json"]["schema"])

    @property
    def fields(self) -> list[str]:
        """The names of the inputs, in the document's order."""
        return list(self.input["x-fal-order-properties"])

    def places(self) -> list[Place]:
        """Every place that an input can have."""
        return list(self._places(self.input, ()))

    def call(self, path: Path = (), value: Any = LEFT_OUT) -> dict[str, Any]:
        """The smallest valid input, but for what is at one place of it."""
        return self._put(self.input, path, value) if path else self.sample(self.input)

    def sample(self, schema: dict[str, Any], *, full: bool = False, title: str = "") -> Any:
        """A value that the schema allows; `full` with every field, else with the required ones."""
        title = schema.get("title", title)
        schema = self._branches(schema)[0]
        if "enum" in schema:
            return schema["enum"][0]
        match schema["type"]:
            case "object":
                fields = schema.get("properties", {"some_name": schema.get("additionalProperties")})
                wanted = fields if full or "properties" not in schema else schema.get("required", ())
                return {name: self.sample(fields[name], full=full) for name in wanted}
            case "array":
                return [self.sample(schema["items"], full=full, title=title)]
            case "string":
                is_url = "url" in title.lower()
                return "https://x.example/x" if is_url else "x" * max(1, schema.get("minLength", 1))
            case "boolean":
                return True
            case "integer":
                return schema.get("default", schema.get("minimum", 7))
            case "number":
                return float(schema.get("default", 0.5))
            case kind:
                raise ValueError(f"{self.id}: no sample of {kind}")

    def _places(self, schema: dict[str, Any], path: Path) -> Iterator[Place]:
        for branch in self._branches(schema):
            if branch.get("type") == "array":
                below = [(0, branch["items"], False)]
            else:
                required = branch.get("required", ())
                below = [(name, inner, name in required) for name, inner in branch.get("properties", {}).items()]
            for part, inner, is_required in below:
                yield Place((*path, part), tuple(self._branches(inner)), is_required)
                yield from self._places(inner, (*path, part))

    def _put(self, schema: dict[str, Any], path: Path, value: Any) -> Any:
        if not path:
            return value
        first, *rest = path
        kind = "object" if isinstance(first, str) else "array"
        branch = next(branch for branch in self._branches(schema) if branch.get("type") == kind)
        if kind == "array":
            return [self._put(branch["items"], tuple(rest), value)]
        made = self.sample(branch)
        if not rest and value is LEFT_OUT:
            del made[first]
            return made
        return {**made, first: self._put(branch["properties"].get(first, {}), tuple(rest), value)}

    def _branches(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._resolved(branch) for branch in schema.get("anyOf", [schema])]

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        return self.schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


@cache
def document(endpoint_id: str) -> Document:
    """The pinned document of an endpoint."""
    return Document(endpoint_id)
