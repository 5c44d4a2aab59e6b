"""A shared type speaks in one endpoint's words; where another means something else, that one says so itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from support import STRING, obj, ref

if TYPE_CHECKING:
    from support import Project


def said(description: str) -> dict[str, Any]:
    return {**STRING, "description": description}


def add(project: Project, name: str, *, path: str, url: str = "Its licence.") -> None:
    """An endpoint whose inputs `one` and `more` mention `Weight`, which mentions `Licence`."""
    components = {
        "Weight": obj({"path": said(path), "licence": ref("Licence")}),
        "Licence": obj({"url": said(url)}),
    }
    more = {"type": "array", "items": ref("Weight"), "description": "More of them.", "examples": [[{"path": "a"}]]}
    project.add(f"fal-ai/{name}", input=obj({"one": ref("Weight"), "more": more}), components=components)


def docs(project: Project, name: str) -> dict[str, str]:
    """The docstrings of an endpoint's inputs."""
    project.regenerate()
    module = project.module(f"endpoints/{name}.py")
    found = re.findall(r'^    (\w+): .*\n    """((?:[^"]|"(?!""))*)"""', module, re.MULTILINE)
    return {field: " ".join(text.split()) for field, text in found if field in ("one", "more", "it")}


def test_what_is_meant_otherwise_is_said_where_the_type_is_mentioned_first(project: Project) -> None:
    add(project, "a", path="A URL, or a local path.")
    add(project, "b", path="A URL, and nothing else. Long\n\nexplanation.", url="A link to its text.")
    assert docs(project, "a") == {"more": 'More of them. Example: `[{"path": "a"}]`.'}
    assert docs(project, "b") == {
        "one": "Here, `Weight.path`: A URL, and nothing else. Long Here, `Licence.url`: A link to its text.",
        "more": 'More of them. Example: `[{"path": "a"}]`.',
    }
    assert "A URL, or a local path." in project.module("params/_weight.py")


def test_other_spaces_case_and_points_mean_the_same(project: Project) -> None:
    add(project, "a", path="A URL, or a local path.")
    add(project, "b", path="  a url or\n a   local path", url="")
    assert "one" not in docs(project, "b")


def test_outputs_keep_the_words_of_the_type(project: Project) -> None:
    for name in ("a", "b"):
        components = {"Picture": obj({"note": said(f"Made by {name}.")})}
        project.add(f"fal-ai/{name}", output=obj({"it": ref("Picture")}), components=components)
    assert docs(project, "b") == {}
