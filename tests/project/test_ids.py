"""Which path of a document is posted to: only one that is an endpoint's, whatever else stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runtime.http.hosts import Hosts
from runtime.http.requests import RequestBuilder
from runtime.options import Options
from support import Project, document, pretty

from generator.codes import Code
from generator.diagnostics import Findings
from generator.parse.load import Document
from generator.parse.resolve import resolve
from generator.project.ids import document_path, is_endpoint_id, is_too_long, posted_path

if TYPE_CHECKING:
    from pathlib import Path

OWN = "fal-ai/it"
# What would lead the key, the input, or both somewhere else than to the endpoint.
BAD = [
    "/fal-ai/it?fal_webhook=https://evil.example", "/fal-ai/it#x", "/../x/y", "/fal-ai/../x", "/./x/y", "/fal-ai/..",
    "//evil.example/x", "///x/y", "/fal-ai//it", "/fal-ai/it//", "/fal-ai", "/", "", "\\\\evil.example\\x",
    "/fal-ai/it\r\nHost: evil.example", "/fal-ai/it\n", "/fal-ai/it\x00", "/fal-ai/it ", " /fal-ai/it",
    "@evil.example/x", "/x@evil.example/y", "/fal-ai:80/it", "/fal-ai/it%2f..", "/fal-ai/%2e%2e", "/fal-ai/{id}",
    "https://evil.example/x", "/https://evil.example/x", "/fal-ai/\uff49t", "/fal-ai/i\u0301t", "/fal-ai/.it",
    "/fal-ai/\u2025/x", "/fal-ai;x/it", "/fal-ai/it\ud800",
]  # fmt: skip
POST: dict[str, Any] = {"post": {}}


def resolved(paths: dict[str, Any]) -> tuple[str | None, list[tuple[Code, str]]]:
    """Where a document with these paths is posted to, and what is said about it."""
    findings = Findings()
    data = {**document(OWN), "paths": paths}
    one = resolve(Document(id=OWN, path="specs/x.json", text="", data=data), findings)
    found = [(d.code, d.source.pointer) for d in findings.all()]
    return (None if one is None else one.path), found


@pytest.mark.parametrize(
    ("endpoint_id", "is_long"),
    [
        ("a/" + "b" * 200, False),
        ("a/" + "b" * 201, True),
        ("a" * 200 + "/" + "b" * 199, False),
        ("a" * 200 + "/" + "b" * 200, True),
    ],
)
def test_how_long_an_id_may_be(endpoint_id: str, is_long: bool) -> None:
    assert is_too_long(endpoint_id) is is_long


@pytest.mark.parametrize("text", ["../../x", "fal-ai/../x", "/etc/passwd", "fal-ai", "", "a//b"])
def test_what_is_no_id_has_no_place(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not an endpoint id"):
        document_path(tmp_path, text)
    assert document_path(tmp_path, OWN) == tmp_path / "fal-ai" / "it.json"


@pytest.mark.parametrize("path", BAD)
def test_a_path_that_is_no_endpoints_is_never_posted_to(path: str) -> None:
    escaped = path.replace("~", "~0").replace("/", "~1")
    assert resolved({path: POST}) == (None, [(Code.BAD_PATH, f"/paths/{escaped}")])


@pytest.mark.parametrize("path", BAD)
@pytest.mark.parametrize("good", [OWN, "fal-ai/quite/another-one", "a/b"])
def test_beside_a_good_path_a_bad_one_does_no_harm(path: str, good: str) -> None:
    for paths in ({path: POST, f"/{good}": POST}, {f"/{good}": POST, path: POST}):
        assert resolved(paths) == (good, [])


@pytest.mark.parametrize("path", ["/fal-ai/it", "/fal-ai/it/", "fal-ai/it"])
def test_a_slash_more_or_less_is_the_same_path(path: str) -> None:
    assert resolved({path: POST}) == ("fal-ai/it", [])


def test_a_document_that_cannot_be_posted_to_at_all_is_told_so() -> None:
    assert resolved({"/fal-ai/it?x": {"get": {}}}) == (None, [(Code.NO_POST_PATH, "/paths")])


PATHS = st.sampled_from(BAD) | st.text() | st.from_regex(r"/?[a-z.]{1,3}(/[a-z.]{1,3}){0,2}[/?#\n]?", fullmatch=True)


@given(paths=st.lists(PATHS, max_size=4))
def test_what_is_posted_to_is_the_hosts_and_the_path_of_an_endpoint(paths: list[str]) -> None:
    """As the runtime joins them: the same URL that the id's own endpoint would have."""
    path, _ = resolved(dict.fromkeys(paths, POST))
    assert (path is None) is (posted_path(OWN, dict.fromkeys(paths, POST)) is None)
    if path is not None:
        assert is_endpoint_id(path)
        made = RequestBuilder("x", path, Hosts(), Options(), "test").submit(b"{}", None)
        assert made.url == f"https://queue.fal.run/{path}"


def test_the_emitted_client_posts_to_no_such_path(project: Project) -> None:
    data = document(OWN)
    data["paths"] = {f"{path}?x=1": item for path, item in data["paths"].items()}
    project.put(OWN, pretty(data))
    project.add("fal-ai/b")
    found = project.regenerate().diagnostics
    assert [(one.code, one.source.path) for one in found] == [(Code.BAD_PATH, "specs/fal-ai/it.json")]
    assert "fal-ai/it" not in "".join(project.tree().values())
