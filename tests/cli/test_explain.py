"""`explain` and `list --quality`: what a maintainer asks about types, diagnostics and documents."""

from __future__ import annotations

import json

import pytest
from support import INTEGER, STRING, Project, document, obj, pretty, ref, run_cli

from generator.codes import Code
from generator.project.ids import LONGEST_ID, LONGEST_SEGMENT

Capture = pytest.CaptureFixture[str]
IMAGE = obj({"url": STRING, "width": INTEGER}, required=["url"])
OTHER = obj({"url": STRING, "height": INTEGER}, required=["url"])
THIRD = obj({"path": STRING})


@pytest.fixture
def made(project: Project) -> Project:
    """Three structures called Photo: of two endpoints, of two others, and of one alone."""
    for endpoint_id, component in (("a", IMAGE), ("b", IMAGE), ("c", OTHER), ("d", OTHER), ("e", THIRD)):
        output = obj({"image": ref("Photo")}, required=["image"])
        project.add(f"fal-ai/{endpoint_id}", output=output, components={"Photo": component})
    project.regenerate()
    return project


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_explained(code: Code, project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "explain", code.value)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{code.value} ({code.severity.value})\n\n")
    assert code.meaning in done.out


def test_the_meanings_say_what_holds() -> None:
    """The table knows nothing of the rest of the house; what it quotes from there is held against it here."""
    assert f"up to {LONGEST_SEGMENT} characters each, and {LONGEST_ID} in all" in Code.BAD_ID.meaning
    assert all(code.meaning.endswith((".", "!")) and code.meaning.isprintable() for code in Code)


def test_a_type_is_explained_by_its_uses(made: Project, capsys: Capture) -> None:
    first, second, third = run_cli(made, capsys, "explain", "Photo").out.strip().split("\n\n")
    assert first.startswith(
        "Photo, output of fal-ai/e: in the endpoint's module, because another structure has the name"
    )
    assert second.startswith("models.Photo2: pinned in types.lock, structure ")
    assert second.splitlines()[0].endswith(", used by 2 endpoints")
    assert second.endswith("\n  fal-ai/c\n  fal-ai/d")
    assert third.startswith("models.Photo: pinned in types.lock, structure ")
    assert third.endswith(", used by 2 endpoints\n  fal-ai/a\n  fal-ai/b")


def test_a_numbered_name_is_found_too(made: Project, capsys: Capture) -> None:
    out = run_cli(made, capsys, "explain", "Photo2").out
    assert out.startswith("models.Photo2:")
    assert out.count("\n\n") == 0


def test_a_second_structure_says_how_it_differs(made: Project, capsys: Capture) -> None:
    own, second, plain = run_cli(made, capsys, "explain", "Photo").out.strip().split("\n\n")
    assert second.splitlines()[1] == "As `Photo`, but with height; no width."
    assert own.splitlines()[1] == "As the shared `Photo`, but with path; no url or width."
    assert plain.splitlines()[1] == "  fal-ai/a"


def test_an_endpoint_is_explained_by_its_types(project: Project, capsys: Capture) -> None:
    sizes = dict.fromkeys(("file_size", "width", "height"), INTEGER)
    six = {**dict.fromkeys(("url", "content_type", "file_name"), STRING), **sizes}
    four = {"url": STRING, "width": INTEGER, "height": INTEGER, "content_type": {**STRING, "default": "image/jpeg"}}
    project.add(
        "fal-ai/a",
        output=obj({"one": ref("Image"), "other": ref("Photo")}),
        components={"Image": obj(four, required=["url", "width", "height"]), "Photo": obj({"x": STRING})},
    )
    project.add("fal-ai/b", output=obj({"one": ref("Image")}), components={"Image": obj(six, required=["url"])})
    project.add("fal-ai/c", output=obj({"seed": INTEGER}))
    project.regenerate()
    lines = run_cli(project, capsys, "explain", "fal-ai/a").out.splitlines()
    assert lines[0] == "fal-ai/a"
    image, difference, photo = lines[8:11]
    assert image.startswith("  Image: models.SizedImage: in the table of shared types, of 130 endpoints of fal's cat")
    assert image.endswith(", used by one endpoint")
    assert difference.startswith("    As `Image`, but width and height are always there; ")
    assert photo.startswith("  Photo: models.Photo: pinned in types.lock, structure ")
    assert "\n  Image: models.Image: in the table" in run_cli(project, capsys, "explain", "fal-ai/b").out
    assert "\n  no types besides its input and output\n" in run_cli(project, capsys, "explain", "fal-ai/c").out
    module = project.module("models/_sized_image.py")
    assert 'class SizedImage(AnyImage):\n    """As `Image`, but width and height are always there; ' in module


def test_an_endpoint_is_explained_whole(project: Project, capsys: Capture) -> None:
    limited = {**STRING, "x-fal": {"max_file_size": 10485760, "max_width": 4000}}
    masks = obj({"mask_url": STRING, "no": {**STRING, "pattern": "(?=x)"}})
    parts = obj({"image_url": limited, "masks": {"type": "array", "items": ref("Mask")}, "prompt": STRING})
    project.put("fal-ai/a", pretty(document("fal-ai/called", input=parts, components={"Mask": masks})))
    (project.specs / "endpoints.toml").write_text('["fal-ai/a"]\nstreams = true\n', encoding="utf-8")
    entry = {"url": "https://fal.ai/a", "sha256": "0" * 64, "changed": "2026-05-01", "vanished": "2026-06-02"}
    lock = {"endpoints": {"fal-ai/a": {**entry, "called_as": "fal-ai/called"}}}
    (project.specs / "lock.json").write_text(json.dumps(lock), encoding="utf-8")
    done = run_cli(project, capsys, "explain", "fal-ai/a")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:11] == [
        "fal-ai/a",
        "  attribute  fal.a",
        "  input      AInput",
        "  output     AOutput",
        "  streams    yes; what its events have is not described",
        "  files in   image_url, masks.*.mask_url",
        "  limits     image_url: at most 10 MiB, at most 4000 pixels wide",
        "  called as  fal-ai/called",
        "  document   specs/fal-ai/a.json",
        "  from       https://fal.ai/a; its content last changed on 2026-05-01",
        "  vanished   fal has not listed it since 2026-06-02",
    ]
    assert lines[11].startswith("  Mask: params.Mask: pinned in types.lock")
    assert lines[12].startswith("  found      specs/fal-ai/a.json:")
    assert lines[12].endswith("[bad-pattern]")


def test_an_endpoint_that_is_its_own_stream_names_its_events(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a/stream")
    assert "\n  streams    yes, AStreamOutput\n" in run_cli(project, capsys, "explain", "fal-ai/a/stream").out


@pytest.mark.parametrize("before", [False, True])
def test_an_endpoint_that_cannot_be_generated_is_explained_too(
    project: Project, capsys: Capture, *, before: bool
) -> None:
    project.add("fal-ai/a")
    project.add("fal-ai/b")
    if before:
        project.regenerate()
    project.put("fal-ai/b", "{")
    lines = run_cli(project, capsys, "explain", "fal-ai/b").out.splitlines()
    kept = "; its module stays as it was" if before else ""
    assert f"  generated  no, because of what was found in its document{kept}" in lines
    assert ("  attribute  fal.b" in lines) is before
    assert lines[-1].startswith("  found      specs/fal-ai/b.json:1: error: ")
    assert lines[-2] == "  from       lock.json does not say"


def test_an_endpoint_without_document_is_explained_too(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a")
    (project.specs / "endpoints.toml").write_text('["fal-ai/a"]\n["fal-ai/b"]\n', encoding="utf-8")
    lines = run_cli(project, capsys, "explain", "fal-ai/b").out.splitlines()
    assert "  document   specs/fal-ai/b.json, which does not exist; run `fetch`" in lines
    assert lines[-1].endswith("[no-document]")
    assert "did you mean fal-ai/a?" in run_cli(project, capsys, "explain", "fal-ai/aa").err


def test_a_type_in_a_circle_says_so(project: Project, capsys: Capture) -> None:
    for endpoint_id in ("a", "b"):
        components = {"Ping": obj({"pong": ref("Pong")}), "Pong": obj({"ping": ref("Ping")})}
        project.add(f"fal-ai/{endpoint_id}", output=obj({"ping": ref("Ping")}), components=components)
    assert "because it leads back to itself" in run_cli(project, capsys, "explain", "Ping").out


def test_an_unknown_name_is_wrong_usage_with_the_nearest_one(made: Project, capsys: Capture) -> None:
    done = run_cli(made, capsys, "explain", "Phot")
    assert (done.code, done.out) == (2, "")
    assert done.err == "error: 'Phot' is no type of the documents, no endpoint and no diagnostic; did you mean Photo?\n"


def test_the_ledger_counts_repairs_by_rule(made: Project, capsys: Capture) -> None:
    made.add("fal-ai/x", input=obj({"a": ref("No"), "b": ref("Nor"), "c": {**INTEGER, "default": "1"}}))
    made.add("fal-ai/y", input=obj({"a": ref("No")}))
    ledger = json.loads(run_cli(made, capsys, "list", "--quality", "--json").out)["repairs"]
    assert ledger == {
        "dangling-ref": {"count": 3, "documents": ["specs/fal-ai/x.json", "specs/fal-ai/y.json"]},
        "default-mismatch": {"count": 1, "documents": ["specs/fal-ai/x.json"]},
    }
    shown = run_cli(made, capsys, "list", "--quality")
    assert shown.code == 0
    assert [line.split()[:2] for line in shown.out.splitlines()[1:]] == [
        ["dangling-ref", "3"],
        ["default-mismatch", "1"],
    ]


def test_a_ledger_of_good_documents_is_short(made: Project, capsys: Capture) -> None:
    assert run_cli(made, capsys, "list", "--quality").out == "no document needed a repair\n"


@pytest.mark.parametrize(
    ("schema", "ok"),
    [
        ({"type": "integer"}, [1, 1.0]),
        ({"type": "number", "minimum": 0}, [0, 0.5]),
        ({"type": "string", "maxLength": 2}, ["", "ab"]),
        ({"enum": ["a", 1]}, ["a", 1]),
        ({"type": "array", "items": {"type": "string"}}, [[], ["a"]]),
        ({"type": "object", "additionalProperties": {"type": "number"}}, [{}, {"a": 1}]),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, ["a", True]),
        ({}, [1, "a", {}]),
    ],
)
def test_a_default_that_fits_is_no_finding(schema: dict[str, object], ok: list[object]) -> None:
    from support import read_schema

    for value in ok:
        assert read_schema({**schema, "default": value}).codes == []


@pytest.mark.parametrize(
    ("schema", "bad"),
    [
        ({"type": "integer"}, [1.5, True, "1", []]),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 5}, [0, 6, "1"]),
        ({"type": "string", "minLength": 1, "maxLength": 2}, ["", "abc", 1]),
        ({"type": "boolean"}, [0, "true"]),
        ({"enum": ["a", 1]}, ["b", "1", True]),
        ({"type": "array", "items": {"type": "string"}}, ["a", [1]]),
        ({"type": "object", "additionalProperties": {"type": "number"}}, [[], {"a": "b"}]),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, [1]),
        (ref("Point"), ["a", {"x": "1"}]),
    ],
)
def test_a_default_that_does_not_fit_is_one(schema: dict[str, object], bad: list[object]) -> None:
    from support import read_schema

    for value in bad:
        made = read_schema({**schema, "default": value}, {"Point": obj({"x": INTEGER})})
        assert made.codes == ["default-mismatch"], value


def test_a_file_is_explained_by_what_it_is_where(project: Project, capsys: Capture) -> None:
    file = obj({"url": STRING, "content_type": STRING}, required=["url"])
    project.add("fal-ai/a", output=obj({"video": ref("File"), "weights": ref("File")}), components={"File": file})
    plain, video = run_cli(project, capsys, "explain", "File").out.strip().split("\n\n")
    assert plain.startswith(("models.File", "File, "))
    assert video.startswith(("models.PlainVideo", "PlainVideo, "))
    assert plain.endswith("\n  fal-ai/a")
    assert video.endswith("\n  fal-ai/a")
