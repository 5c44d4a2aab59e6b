"""What people read when something is wrong: one case for each diagnostic code and each settings error."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, document, obj, pretty, ref, run_cli

from generator.codes import Code, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

Capture = pytest.CaptureFixture[str]


def text(endpoint_id: str = "fal-ai/b", **parts: Any) -> str:
    return pretty(document(endpoint_id, **parts))


def schema(one: Any, **more: Any) -> Callable[[Project], None]:
    """The schema of one input property, `it`."""
    return lambda project: put(project, text(input=obj({"it": one}), **more))


def put(project: Project, content: str) -> None:
    project.put("fal-ai/b", content)


def no_post(project: Project) -> None:
    data = document("fal-ai/b")
    del data["paths"]["/fal-ai/b"]
    put(project, pretty(data))


def bad_path(project: Project) -> None:
    data = document("fal-ai/b")
    data["paths"] = {"/fal-ai/b?fal_webhook=https://evil.example": data["paths"]["/fal-ai/b"]}
    put(project, pretty(data))


def missing_root(project: Project) -> None:
    data = document("fal-ai/b")
    del data["components"]["schemas"]["BInput"]
    put(project, pretty(data))


def unlisted(project: Project) -> None:
    project.add("fal-ai/b")
    (project.specs / "endpoints.toml").write_text('["fal-ai/a"]\n', encoding="utf-8")


def listed(project: Project) -> None:
    (project.specs / "endpoints.toml").write_text('["fal-ai/a"]\n["fal-ai/b"]\n', encoding="utf-8")


CHAIN = {f"C{n}": obj({"next": ref(f"C{n + 1}")}) for n in range(40)}


def link_out(project: Project) -> None:
    outside = project.root / "outside.json"
    outside.write_text(text(), encoding="utf-8")
    project.path("fal-ai/b").symlink_to(outside)


def clash(project: Project) -> None:
    project.add("fal-ai/x-y")
    project.add("fal-ai/x.y")


def edited(project: Project) -> None:
    (project.output / "fal_typed/endpoints/a.py").write_text("mine\n", encoding="utf-8")


def foreign(project: Project) -> None:
    path = project.output / "fal_typed/endpoints/b.py"
    path.write_text("mine\n", encoding="utf-8")
    project.add("fal-ai/b")


# name → what makes it, the code, the exit code
DOCUMENTS: dict[str, tuple[Callable[[Project], Any], Code, int]] = {
    "not JSON": (lambda p: put(p, '{\n  "openapi": "3.0.4",\n  "paths": {]\n}\n'), Code.NOT_JSON, 4),
    "cut off": (lambda p: put(p, text()[:300]), Code.NOT_JSON, 4),
    "empty file": (lambda p: put(p, ""), Code.NOT_JSON, 4),
    "not UTF-8": (lambda p: p.put("fal-ai/b", "").write_bytes(b'{"a": "\xff"}'), Code.NOT_JSON, 4),
    "not OpenAPI": (lambda p: put(p, '{"error": {"code": "expansion_failed"}}\n'), Code.NOT_OPENAPI, 4),
    "OpenAPI 2": (lambda p: put(p, '{"swagger": "2.0"}'), Code.NOT_OPENAPI, 4),
    "a list": (lambda p: put(p, "[]"), Code.NOT_OPENAPI, 4),
    "no POST path": (no_post, Code.NO_POST_PATH, 4),
    "a POST path that is no endpoint's": (bad_path, Code.BAD_PATH, 4),
    "listed without document": (listed, Code.NO_DOCUMENT, 4),
    "bad id": (lambda p: p.put("fal-ai/b c", text()), Code.BAD_ID, 4),
    "name clash": (clash, Code.NAME_CLASH, 4),
    "too deep": (schema(ref("C0"), components=CHAIN), Code.OVER_LIMIT, 4),
    "too deep in brackets": (
        lambda p: put(p, text()[:-3] + ',\n "x": ' + "[" * 100 + "]" * 100 + "}\n"),
        Code.OVER_LIMIT,
        4,
    ),
    "enormous number": (lambda p: put(p, '{\n  "a": 1e400\n}\n'), Code.OVER_LIMIT, 4),
    "a link out": (link_out, Code.LINK_OUT, 4),
    "missing root": (missing_root, Code.MISSING_ROOT, 0),
    "dangling ref": (schema(ref("Nowhere")), Code.DANGLING_REF, 0),
    "dangling ref in a component": (schema(ref("A"), components={"A": obj({"a/b~": ref("B")})}), Code.DANGLING_REF, 0),
    "foreign ref": (schema({"$ref": "other.json#/X"}), Code.FOREIGN_REF, 0),
    "circular ref": (schema(ref("A"), components={"A": ref("A")}), Code.CIRCULAR_REF, 0),
    "unknown type": (schema({"type": "file"}), Code.UNKNOWN_TYPE, 0),
    "unsupported keyword": (schema({**STRING, "not": {}}), Code.UNSUPPORTED_KEYWORD, 0),
    "bad keyword": (schema({**INTEGER, "minimum": "1"}), Code.BAD_KEYWORD, 0),
    "lost properties": (schema({"type": "object", "properties": [1], "required": ["a"]}), Code.LOST_PROPERTIES, 0),
    "unknown required": (schema(obj({"a": STRING}, required=["b", "a", "c"])), Code.UNKNOWN_REQUIRED, 0),
    "ignored keyword": (
        schema({**ref("A"), "maxItems": 2}, components={"A": {"type": "array", "items": STRING}}),
        Code.IGNORED_KEYWORD,
        0,
    ),
    "bad pattern": (schema({**STRING, "pattern": "(?=x)"}), Code.BAD_PATTERN, 0),
    "a limit of files that nobody knows": (schema({**STRING, "x-fal": {"max_layers": 3}}), Code.UNKNOWN_LIMIT, 0),
    "tuple as mapping": (schema({"type": "array", "items": {"0": INTEGER}}), Code.TUPLE_AS_MAPPING, 0),
    "perhaps a file": (schema({**STRING, "description": "URL of the picture."}), Code.PERHAPS_FILE, 0),
    "default mismatch": (schema({**INTEGER, "default": "1"}), Code.DEFAULT_MISMATCH, 0),
    "duplicate key": (
        lambda p: put(p, text().replace('"prompt": {', '"prompt": 1,\n"prompt": {')),
        Code.DUPLICATE_KEY,
        0,
    ),
    "unlisted document": (unlisted, Code.UNLISTED_DOCUMENT, 0),
    "edited file": (edited, Code.EDITED_FILE, 1),
    "file in the way": (foreign, Code.FOREIGN_FILE, 1),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("good") / "project")
    project.add("fal-ai/a")
    project.regenerate()
    return project


@pytest.fixture
def made(good: Project, tmp_path: Path) -> Project:
    """A good endpoint, generated; the broken one comes beside it."""
    return good.copied(tmp_path / "project")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_diagnostic(name: str, made: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    cause, code, exit_code = DOCUMENTS[name]
    cause(made)
    done = run_cli(made, capsys, "regenerate")
    messages = done.err.splitlines()[:-1]
    assert done.out == ""
    assert (done.code, len(messages)) == (exit_code, 1), done.err
    assert messages[0].endswith(f"[{code.value}]")
    assert messages == snapshot
    if code.severity is Severity.ERROR:  # a warning says what was done instead
        assert [one.fix for one in made.plan().diagnostics if one.code is code] != [""]
    again = run_cli(made, capsys, "regenerate")
    assert again.code == exit_code
    assert again.err.splitlines()[:-1] == messages


def test_there_is_a_case_for_every_code() -> None:
    # That a parent could not be read, and that there is more, is never the only message (test_broken.py,
    # test_limits.py); NOT_LOCKED takes --locked (test_locked.py); tests/docs/ has the pages. No document can get a
    # module refused: test_inert.py breaks a writer to see it.
    elsewhere = {Code.NO_PARENT, Code.MORE, Code.NOT_LOCKED, Code.UNREADABLE_PAGE, Code.REFUSED_MODULE}
    assert {code for _, code, _ in DOCUMENTS.values()} == set(Code) - elsewhere


def test_the_line_is_that_of_the_pointer(made: Project, capsys: Capture) -> None:
    path = made.add("fal-ai/b", input=obj({"a": STRING, "it": ref("Nowhere")}))
    found = re.match(r"(.*):(\d+): warning: .* \(#(.*)\)", run_cli(made, capsys, "regenerate").err)
    assert found is not None
    assert found[1] == "specs/fal-ai/b.json"
    assert '"$ref": "#/components/schemas/Nowhere"' in path.read_text(encoding="utf-8").splitlines()[int(found[2]) - 1]
    assert found[3] == "/components/schemas/BInput/properties/it/$ref"


STEERING = ["a\nb", "a\rb", "\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "a\u2028b", "\u202etxt", "\x7f\x08", "a\x00b"]
MARKUP = ["[bold]x[/bold]", "[/]", "[link=file:///etc]x", ":bomb:", "[not a tag", "\\[red]"]


def one_each(project: Project, make: Callable[[str, str], Any]) -> list[str]:
    """An endpoint for each of these texts: `b00`, `b01` and so on."""
    texts = STEERING + MARKUP
    for number, text in enumerate(texts):
        endpoint_id = f"fal-ai/b{number:02}"
        project.put(endpoint_id, json.dumps(make(endpoint_id, text)))
    return texts


def test_a_message_is_one_plain_line_whatever_a_document_calls_its_things(made: Project, capsys: Capture) -> None:
    names = one_each(made, lambda one, name: document(one, input=obj({name: ref(f"No {name}")})))
    err = run_cli(made, capsys, "regenerate").err
    lines = err.splitlines()[:-1]
    assert [line.partition(".json:")[0] for line in lines] == [f"specs/fal-ai/b{n:02}" for n in range(len(names))]
    assert err.replace("\n", "").isprintable()
    for name, line in zip(names, lines, strict=True):
        assert name not in MARKUP or repr(f"No {name}") in line
    for command in ("list", "diff", "explain"):
        done = run_cli(made, capsys, command, *(["Image"] if command == "explain" else []))
        assert (done.out + done.err).replace("\n", "").isprintable()


def in_a_category(endpoint_id: str, text: str) -> dict[str, Any]:
    data = document(endpoint_id, input=obj({"it": ref(f"No {text}")}))
    data["info"]["x-fal-metadata"]["category"] = f"{text} it"
    return data


def test_a_table_shows_a_category_as_it_is(made: Project, capsys: Capture) -> None:
    texts = one_each(made, in_a_category)
    done = run_cli(made, capsys, "list")
    assert (done.code, len(done.out.splitlines())) == (0, 2 + len(texts))
    assert done.out.replace("\n", "").isprintable()
    for text, line in zip(texts, done.out.splitlines()[2:], strict=True):
        assert text not in MARKUP or f"{text} it" in line


def test_json_has_no_character_that_steers_a_terminal(made: Project, capsys: Capture) -> None:
    texts = one_each(made, in_a_category)
    listed = run_cli(made, capsys, "list", "--json").out
    assert listed.replace("\n", "").isprintable()
    assert [one["category"] for one in json.loads(listed)["endpoints"][1:]] == [f"{text} it" for text in texts]
    found = run_cli(made, capsys, "regenerate", "--json").out
    assert found.replace("\n", "").isprintable()
    messages = [one["message"] for one in json.loads(found)["diagnostics"]]
    assert [repr(f"No {text}") in message for text, message in zip(texts, messages, strict=True)] == [True] * len(texts)


def test_a_long_name_is_shown_by_its_ends(made: Project, capsys: Capture, snapshot: SnapshotAssertion) -> None:
    long = "start" + "x" * 5_000 + "end"
    wrong = {
        "a": ref(long),
        "b": {"type": long},
        "c": {"$ref": long},
        long: {**INTEGER, "minimum": long},
        "e": {long: 1},
    }
    put(made, text(input=obj(wrong)).replace('"seed": {', f'"{long}": 1, "{long}": 2, "seed": {{'))
    assert run_cli(made, capsys, "regenerate").err.splitlines()[:-1] == snapshot
    found = json.loads(run_cli(made, capsys, "regenerate", "--json").out)["diagnostics"]
    assert sum(one["pointer"].endswith(f"{long}/minimum") for one in found) == 1, "programs get the whole pointer"


def test_errors_are_those_that_keep_something_out() -> None:
    errors = {code for _, code, exit_code in DOCUMENTS.values() if exit_code == 4}
    assert {c for c in Code if c.severity is Severity.ERROR} - {
        Code.EDITED_FILE,
        Code.NO_PARENT,
        Code.NOT_LOCKED,
        Code.REFUSED_MODULE,
        Code.UNREADABLE_PAGE,
    } == errors
    assert json.dumps([code.value for code in Code]).islower()


# --- for programs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_findings_as_json(check: list[str], made: Project, capsys: Capture) -> None:
    made.add("fal-ai/b", input=obj({"it": ref("Nowhere")}))
    made.put("fal-ai/c", "{")
    for _ in range(2):  # also when there is nothing left to do
        done = run_cli(made, capsys, "regenerate", "--json", *check)
        found = json.loads(done.out)
        assert done.code == 4
        assert "warning" not in done.err
        assert found["diagnostics"] == [  # a document after the other
            {
                "code": "dangling-ref",
                "severity": "warning",
                "path": "specs/fal-ai/b.json",
                "line": found["diagnostics"][0]["line"],
                "pointer": "/components/schemas/BInput/properties/it/$ref",
                "message": "component 'Nowhere' does not exist; any value is taken",
                "fix": "",
            },
            {
                "code": "not-json",
                "severity": "error",
                "path": "specs/fal-ai/c.json",
                "line": 1,
                "pointer": "",
                "message": found["diagnostics"][1]["message"],
                "fix": "`fetch` the endpoint again, or repair the text there",
            },
        ]
        assert found["endpoints"] == 2
    assert ("fal_typed/endpoints/b.py" in found["written"]) is bool(check)


def test_half_a_character_in_a_message_is_json_all_the_same(made: Project, capsys: Capture) -> None:
    put(made, json.dumps(document("fal-ai/b", input=obj({"\ud800": STRING, "it": obj({"\ud800": ref("A")})}))))
    out = run_cli(made, capsys, "regenerate", "--json").out
    assert out.isascii()
    assert [one["code"] for one in json.loads(out)["diagnostics"]] == ["bad-keyword", "bad-keyword"]


def test_every_code_is_explained_and_stands_in_one_table(made: Project, capsys: Capture) -> None:
    for code in Code:
        assert run_cli(made, capsys, "explain", code.value).out.startswith(f"{code.value} (")
