"""Two states of a project, and what `diff` says about them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support import INTEGER, STRING, Project, document, obj, pretty

from generator.diff.compare import Difference, compare
from generator.diff.load import load_old, load_state
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from generator.diff.verdict import Change

IT = "fal-ai/it"
Documents = dict[str, Any]


def taking(schema: Any, *, required: bool = False, **components: Any) -> Any:
    """A document whose endpoint has the input `it` beside its prompt."""
    given = obj({"prompt": STRING, "it": schema}, required=["prompt", *(["it"] if required else [])])
    return document(IT, input=given, components=components)


def giving(schema: Any, *, required: bool = True, **components: Any) -> Any:
    """A document whose endpoint has the output `it` beside its seed."""
    given = obj({"seed": INTEGER, "it": schema}, required=["seed", *(["it"] if required else [])])
    return document(IT, output=given, components=components)


@dataclass
class States:
    """Two folders of documents below one project."""

    root: Path

    def compare(
        self, old: Documents, new: Documents, *, toml: tuple[str | None, str | None] = (None, None)
    ) -> Difference:
        """Write both, and compare them."""
        project = Project(self.root)
        for name, documents, text in (("old", old, toml[0]), ("new", new, toml[1])):
            folder = self.root / name
            folder.mkdir()
            for endpoint_id, data in documents.items():
                path = folder / f"{endpoint_id}.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(pretty(data), encoding="utf-8")
            if text is not None:
                (folder / "endpoints.toml").write_text(text, encoding="utf-8")
        settings = load_settings(project.root)
        before = load_old(settings, str(self.root / "old"))
        after = load_state(settings, str(self.root / "new"), names=before.lock)
        assert not before.unreadable | after.unreadable
        return compare(before.surface, after.surface)

    def changes(self, old: Any, new: Any) -> tuple[Change, ...]:
        """What changed for the one endpoint."""
        return self.compare({IT: old}, {IT: new}).endpoints[IT]


def loads(text: str) -> Any:
    """JSON, for tests that look into it."""
    return json.loads(text)
