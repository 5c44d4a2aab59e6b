"""Endpoint ids that are no good names of files or modules: a legal and stable place, or a message that names them."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

import pytest
from support import STRING, Project, document, obj, pretty, run_cli, spawn

from generator.diagnostics import quoted
from generator.ir.name import endpoint_name

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
LONG = "a" * 200

# id → its module, below `endpoints`
PLACES = {
    "fal-ai/con": "con_",
    "fal-ai/z/NUL": "z/nul_",
    "fal-ai/aux.x": "aux_x",
    "con/aux/prn": "owners/con_/aux_/prn_",
    "fal-ai/COM1": "com1_",
    "fal-ai/lpt9/x": "lpt9_/x",
    "fal-ai/a..b": "a_b",
    "fal-ai/v1.": "v1_",
    "fal-ai/-": "n",
    "fal-ai/__init__": "init__",
    "fal-ai/_root": "root",
    "fal-ai/3d": "n3d",
    "3d/1.5": "owners/n3d/n1_5",
    "fal-ai/class": "class_",
    "fal-ai/None": "none",
    "Fal-ai/x": "owners/fal_ai/x",
    "FAL-AI/Z/Y": "owners/fal_ai/z/y",
    "fal-ai/owners": "owners_",
    "fal-ai/Map": "map_",
    "fal-ai/once/input-schema": "once_/input_schema_",
    f"fal-ai/{LONG}": LONG,
    f"fal-ai/{LONG[:-1]}1/run": f"{LONG[:-1]}1/run_",
    f"1{LONG[1:]}/{LONG[1:]}": f"owners/n1{LONG[1:]}/{LONG[1:]}",
}


def test_an_odd_id_has_a_legal_place_and_keeps_its_name_on_the_wire(project: Project) -> None:
    for endpoint_id in PLACES:
        project.add(endpoint_id)
    assert project.regenerate().diagnostics == ()
    texts = {endpoint_id: project.module(f"endpoints/{place}.py") for endpoint_id, place in PLACES.items()}
    for endpoint_id, text in texts.items():
        parts = PLACES[endpoint_id].split("/")
        assert all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
        assert f'id="{endpoint_id}",' in text
        assert "path=" not in text  # it is called at its id
    files = [path.relative_to(project.output).as_posix() for path in project.output.rglob("*")]
    assert len({file.casefold() for file in files}) == len(files)
    assert all(len(part) < 255 for file in files for part in file.split("/"))
    for endpoint_id in list(PLACES)[::2]:
        project.path(endpoint_id).unlink()
    project.add("fal-ai/another/one")
    project.regenerate()
    for endpoint_id in list(PLACES)[1::2]:
        assert project.module(f"endpoints/{PLACES[endpoint_id]}.py") == texts[endpoint_id]


# ids of which the last is left out, for it would be where one before is
PAIRS = [
    ("fal-ai/x", "fal-ai/X"),
    ("cassetteai/x", "CassetteAI/x"),
    ("fal_ai/x", "Fal-ai/x"),
    ("fal-ai/a-b", "fal-ai/a.b"),
    ("fal-ai/con", "fal-ai/con_"),
    ("fal-ai/n3d", "fal-ai/3d"),  # both are written in lower case: the one that was there before keeps it
    ("fal-ai/x/run", "fal-ai/x/run_"),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_in_one_place_the_one_that_was_there_keeps_it(
    first: str, second: str, project: Project, capsys: Capture
) -> None:
    project.add(first)
    project.regenerate()
    before = project.tree()
    project.add(second)
    for _ in range(2):
        done = run_cli(project, capsys, "regenerate")
        place = ".".join(endpoint_name(first).path)
        assert done.code == 4
        assert done.err.splitlines()[0].startswith(
            f"specs/{second}.json:1: error: {second} and {first} would both be {place}; keep one of the two "
        )
        assert project.tree() == before


TOO_LONG = {
    "a segment": f"fal-ai/{'a' * 250}",
    "a folder": f"fal-ai/{'1' * 255}/x",
    "all of it": "/".join(["fal-ai", *["b" * 99] * 4]),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_a_document_whose_id_is_too_long_is_told_so(name: str, project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a")
    project.add(TOO_LONG[name])
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 4
    message = (
        f"specs/{TOO_LONG[name]}.json: error: the id {quoted(TOO_LONG[name])} is too long for file names; an id has up "
        "to 400 characters, 200 between two slashes [bad-id]"
    )
    assert done.err.splitlines()[:-1] == [message]
    assert sorted(p.name for p in (project.output / "fal_typed/endpoints").iterdir() if p.name[0] != "_") == ["a.py"]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("endpoint_id", [f"fal-ai/{'a' * 300}", "/".join(["ab"] * 1700)])
@pytest.mark.parametrize("where", ["endpoints.toml", "pyproject.toml"])
def test_a_listed_id_that_no_file_can_have(where: str, endpoint_id: str, tmp_path: Path, capsys: Capture) -> None:
    listed = f'endpoints = ["fal-ai/a", "{endpoint_id}"]' if where == "pyproject.toml" else ""
    project = Project(tmp_path, listed)
    project.add("fal-ai/a")
    if where == "endpoints.toml":
        (project.specs / where).write_text(f'["fal-ai/a"]\n["{endpoint_id}"]\n', encoding="utf-8")
    shown = where if where == "pyproject.toml" else f"specs/{where}"
    for command in (["regenerate"], ["regenerate", "--check"], ["list"]):
        done = run_cli(project, capsys, *command)
        assert done.code == 4
        assert f"{shown}: error: the id {quoted(endpoint_id)} is too long for file names; " in done.err
    assert "class A(" in project.module("endpoints/a.py")
    assert run_cli(project, capsys, "remove", endpoint_id).code == 0
    assert run_cli(project, capsys, "regenerate").code == 0


def test_an_alias_that_is_long_is_called_and_makes_no_file(project: Project) -> None:
    called = "/".join(["fal-ai", *["b" * 300] * 3])
    data = document("fal-ai/a")
    data["paths"] = {path.replace("fal-ai/a", called): item for path, item in data["paths"].items()}
    project.put("fal-ai/a", pretty(data))
    assert project.regenerate().diagnostics == ()
    assert f'path="{called}",' in project.module("endpoints/a.py")


KEPT_FREE = ["map", "input_schema", "output_schema", "requests", "once"]
NOBODYS = ["once"]
CALL = """
import fal_typed
from fal_typed.endpoints.requests_ import RequestsInput
for client in (fal_typed.Fal("k:s"), fal_typed.AsyncFal("k:s")):
    for one in (client, client.below, client.requests_, client.requests_.once_):
        for name in {nobodys}:
            try:
                getattr(one, name)
            except AttributeError as error:
                assert f"has no attribute {{name!r}}" in str(error), error
            else:
                raise SystemExit(f"{{one}} has {{name}}")
    print(client.requests_, client.requests_.once_, client.below.map_)
print(*RequestsInput.__annotations__)
"""


def test_names_kept_free_are_nobodys_and_inputs_of_such_a_name_keep_it(project: Project) -> None:
    """`fal.x.once(…)` and its like may come one day, as `map` has: an endpoint that is called so would have to move."""
    for endpoint_id in ("fal-ai/requests", "fal-ai/requests/once", "fal-ai/below/map"):
        project.add(endpoint_id, input=obj(dict.fromkeys(KEPT_FREE, STRING), required=["map"]))
    project.regenerate()
    done = spawn(["-c", CALL.format(nobodys=NOBODYS)], cwd=project.output)
    assert done.out.splitlines() == [
        "<Requests fal-ai/requests> <RequestsOnce fal-ai/requests/once> <BelowMap fal-ai/below/map>",
        "<AsyncRequests fal-ai/requests> <AsyncRequestsOnce fal-ai/requests/once> <AsyncBelowMap fal-ai/below/map>",
        " ".join(KEPT_FREE),
    ], done.err
