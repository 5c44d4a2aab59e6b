"""README and CHANGELOG of the package: whatever a document holds, their code is code and their markup is ours."""

from __future__ import annotations

import ast
import json
import re
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fuzz.mutate import NASTY
from runtime import errors
from runtime.calls.configurable import Configurable
from runtime.options import OPTION_NAMES
from support import REPOSITORY, STRING, Project, document, obj, run_cli
from support.markup import bash_blocks, markup, python_blocks, tokens

from generator import pipeline, places
from generator.diagnostics import Findings
from generator.emit.models import Begun, models
from generator.emit.render import render
from generator.ir.lower import lower
from generator.project.cache import Cache
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.diagnostics import Diagnostic

COMING = "FROM_FAL_CLIENT.md"
Capture = pytest.CaptureFixture[str]
OUT_OF_A_FENCE = ["```", "\n```\n", "\n```\n\n# Owned\n\n", "~~~", "`" * 9, "</code></pre><script>alert(1)</script>"]
OUT_OF_A_LINE = [
    "[a](javascript:alert(1))", "![a](http://127.0.0.1/x.png)", "<http://127.0.0.1>", "**a**", "a | b", "--><b>", "- a",
    "\n\n# Owned", "<!-- ", "@everyone #1", "&lt;b&gt;", "\\`", "`<b>`",
]  # fmt: skip
TEXTS = [*NASTY, *OUT_OF_A_FENCE, *OUT_OF_A_LINE]


def showing(text: str, name: str = "prompt", **more: Any) -> dict[str, Any]:
    """A document whose README shows a call with a text."""
    files = {"url": STRING, "content_type": STRING, "file_name": STRING}
    inner = {name: {**STRING, "examples": [text]}, "image_url": {**STRING, "examples": [text]}}
    return document(
        "fal-ai/it",
        input=obj(inner, required=[*inner]),
        output=obj({"image": obj(files, required=["url"])}, required=["image"]),
        about=text,
        **more,
    )


def readme(project: Project, data: dict[str, Any], page: str = "README.md") -> str:
    """The README of the one endpoint, which streams; or another page."""
    (project.specs / "endpoints.toml").write_text('["fal-ai/it"]\nstreams = true\n', encoding="utf-8")
    project.put("fal-ai/it", json.dumps(data))
    settings, findings = load_settings(project.root), Findings()
    understood = pipeline.understand(settings, findings)
    assert told(findings.all()) == []
    api = lower(understood.named, understood.sharing, understood.files, settings)
    classes = models(api, Begun(places.TEMPLATES, Cache(None, "models"), None))
    return dict(render(api, classes.sources, places.TEMPLATES, settings))[page]


def told(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What is wrong, but for what a text is that stands where it should not."""
    return [one for one in diagnostics if one.code.value not in ("bad-keyword", "more", "perhaps-file")]


def given(code: str) -> list[Any]:
    """What is given for `prompt` in the calls of a block, and in the inputs that it makes for `map`."""
    nodes = [*ast.walk(ast.parse(code))]
    by_name = [(one.arg, one.value) for node in nodes if isinstance(node, ast.Call) for one in node.keywords]
    inputs = [pair for node in nodes if isinstance(node, ast.Dict) for pair in zip(node.keys, node.values, strict=True)]
    by_name += [(key.value, value) for key, value in inputs if isinstance(key, ast.Constant)]
    return [ast.literal_eval(value) for name, value in by_name if name == "prompt"]


def shown(value: Any) -> list[list[Any]]:
    """What is given for `prompt` in each sample of the README."""
    return [*[[value]] * 10, [value] * 2]


def typed(page: str) -> list[list[Any]]:
    """The words of each block for a shell; what is JSON as what it says."""
    words = [shlex.split(code) for code in bash_blocks(page)]
    return [[json.loads(one) if one.startswith("{") else one for one in each] for each in words]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What stands there for a text of one word."""
    return readme(Project(tmp_path_factory.mktemp("calm")), showing("calm"))


def test_a_call_is_typed_with_its_whole_input(calm: str) -> None:
    (words,) = [each for each in typed(calm) if "--input" in each]
    assert words[words.index("--input") + 1] == {"image_url": "calm", "prompt": "calm"}


def test_an_output_of_several_kinds_is_shown_as_a_whole(project: Project) -> None:
    either = {"anyOf": [obj({"a": STRING}, required=["a"]), obj({"b": STRING}, required=["b"])]}
    taken = obj({"prompt": {**STRING, "examples": ["a cat"]}}, required=["prompt"])
    text = readme(project, document("fal-ai/it", input=taken, output=either))
    assert "    print(out)\n" in text


@pytest.mark.sampled(7)
@pytest.mark.parametrize("text", TEXTS)
def test_the_code_of_the_readme_is_code_whatever_an_example_holds(text: str, calm: str, project: Project) -> None:
    hostile = readme(project, showing(text))
    assert markup(hostile) == markup(calm)
    blocks = python_blocks(hostile)
    # On both sides: the text may stand in the samples by itself.
    dumps, plain = ([ast.dump(ast.parse(code)) for code in each] for each in (blocks, python_blocks(calm)))
    assert [one.replace(repr(text), "'calm'") for one in dumps] == [one.replace(repr(text), "'calm'") for one in plain]
    assert [values for code in blocks if (values := given(code))] == shown(text)
    assert typed(hostile) == [
        [dict.fromkeys(one, text) if isinstance(one, dict) else one for one in words] for words in typed(calm)
    ]


@pytest.mark.sampled(7)
@pytest.mark.parametrize("text", TEXTS)
def test_the_samples_for_those_from_fal_client_are_code_too(
    text: str, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    hostile = readme(project, showing(text), COMING)
    calm = readme(Project(tmp_path_factory.mktemp("calm")), showing("calm"), COMING)
    assert markup(hostile) == markup(calm)
    dumps, plain = ([ast.dump(ast.parse(code)) for code in python_blocks(each)] for each in (hostile, calm))
    assert len(dumps) == 10
    assert [one.replace(repr(text), "'calm'") for one in dumps] == [one.replace(repr(text), "'calm'") for one in plain]


def numbered(data: dict[str, Any], number: int) -> str:
    """A document of `fal-ai/it` as that of `fal-ai/it<number>`."""
    return json.dumps(data).replace("/fal-ai/it", f"/fal-ai/it{number}").replace('"fal-ai/it"', f'"fal-ai/it{number}"')


def test_no_endpoint_is_kept_out_by_its_texts(project: Project) -> None:
    for number, text in enumerate(TEXTS):
        project.put(f"fal-ai/it{number}", numbered(showing(text), number))
    assert told(project.regenerate().diagnostics) == []
    assert len([path for path in project.tree() if path.startswith("fal_typed/endpoints/it")]) == len(TEXTS)


@pytest.mark.parametrize(
    "name", ["webhook_url", "logs", "on_queue_update", "self", "input", "fal", "out", "class", "a b"]
)
def test_an_input_of_any_name_is_shown_in_code_that_runs(name: str, project: Project) -> None:
    for page in ("README.md", COMING):
        text = readme(project, showing("calm", name), page)
        for code in python_blocks(text):
            compile(code, page, "exec")


def test_a_call_without_inputs_is_shown_in_code_that_runs(project: Project) -> None:
    data = showing("calm")
    data["components"]["schemas"]["ItInput"]["required"] = []
    blocks = python_blocks(readme(project, data))
    for code in blocks:
        compile(code, "README.md", "exec")
    assert sum("webhook_url=" in code for code in blocks) == 1
    for code in python_blocks(readme(project, data, COMING)):
        compile(code, COMING, "exec")


def test_a_page_without_samples_has_its_tables(project: Project) -> None:
    """Where no document has an example of what is required, there is no call to show."""
    data = showing("calm")
    for field in data["components"]["schemas"]["ItInput"]["properties"].values():
        del field["examples"]
    text = readme(project, data, COMING)
    assert "## Every name" in text
    assert not [code for code in python_blocks(text) if "example" in code]


def test_values_are_shown_as_code_too(project: Project) -> None:
    data = showing("calm")
    data["components"]["schemas"]["ItInput"]["properties"]["prompt"] = {"examples": [{"```\n": ["`", None, -0.5]}]}
    blocks = [given(code) for code in python_blocks(readme(project, data))]
    value = {"```\n": ["`", None, -0.5]}
    assert [values for values in blocks if values] == shown(value)


# --- what changed ----------------------------------------------------------------------------------------------------


def saying(text: str, *, old: bool) -> dict[str, Any]:
    """A document of which every part that has a name or a value changes."""
    end = "" if old else "2"
    own = {
        f"n{text}{end}": STRING,
        "enum": {"enum": [text + end, "b"]},
        "default": {**STRING, "default": text + end},
        "pattern": {**STRING, "format": text + end, "title": text + end},
        "type": {"anyOf": [{"const": text + end}, {"type": "array", "items": {"const": text}}]},
        "inner": obj({f"m{text}{end}": STRING}),
    }
    data = document("fal-ai/it", input=obj(own), output=obj({f"o{text}{end}": STRING, "e": {"const": text + end}}))
    data["paths"] = {path.replace("/fal-ai/it", f"/fal-ai/it{end}"): item for path, item in data["paths"].items()}
    return data


def put_all(project: Project, *, old: bool) -> None:
    for number, text in enumerate(TEXTS):
        project.put(f"fal-ai/it{number}", numbered(saying(text, old=old), number))


@pytest.mark.slow
def test_what_changed_is_said_in_our_markup_alone(project: Project, capsys: Capture) -> None:
    put_all(project, old=True)
    assert run_cli(project, capsys, "release", "--date", "2026-01-02").code == 0
    put_all(project, old=False)
    body = run_cli(project, capsys, "diff", "--markdown").out
    run_cli(project, capsys, "release", "--date", "2026-01-03")
    project.regenerate()
    changelog = project.tree()["CHANGELOG.md"]
    for number in range(len(TEXTS)):
        assert (f"fal-ai/it{number}`" in body, f"fal-ai/it{number}`" in changelog) == (True, True)
    headings = {"Breaking", "New and changed", "Small", "Changelog", "0.1.0 (2026-01-02)", "0.2.0 (2026-01-03)"}
    comment = "<!-- Generated from specs/ by `fal-typed-generator regenerate`; do not edit. -->\n"
    ours = {("heading", one) for one in headings} | {("html_block", comment.strip()), ("html_block", comment)}
    ours |= {("link_open", "")}
    pages = {f"https://fal.ai/models/fal-ai/it{number}" for number in range(len(TEXTS))}
    for text in (body, changelog):
        assert {str(one.attrGet("href")) for one in tokens(text) if one.type == "link_open"} == pages
    assert set(markup(body)) - ours - {("strong_open", "")} == set()
    found = list(tokens(body))
    strong = [after.content for one, after in pairwise(found) if one.type == "strong_open"]
    assert strong[0] == "major"
    assert all(re.fullmatch(r"\d+ changes", text) for text in strong[1:]), "what a long body leaves out"
    assert set(markup(changelog)) - ours == set()
    assert (body + changelog).replace("\n", "").isprintable()


def test_each_option_of_a_call_is_told_in_the_table_and_in_help() -> None:
    readme = (REPOSITORY / "generated" / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Options of a call\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(OPTION_NAMES)
    helped = re.findall(r"^ {12}(\w+): ", Configurable.with_options.__doc__ or "", re.MULTILINE)
    assert sorted(helped) == sorted([*OPTION_NAMES, "TypeError", "ValueError"])


def test_each_error_is_told_in_the_table_with_what_it_also_is() -> None:
    text = (REPOSITORY / "generated" / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Errors\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
    told = {name: set(re.findall(r"`(\w+)`", also)) for names, also in rows for name in re.findall(r"`(\w+)`", names)}
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.FalError)]
    assert told.pop("UnknownEndpointError") == {"KeyError"}
    assert told.keys() == {one.__name__ for one in kinds} - {"FalError"}
    for kind in kinds:
        above = {one.__name__ for one in kind.__mro__[1:]} - {"FalError", "Exception", "BaseException", "object"}
        named = told.get(kind.__name__, set())
        assert named <= above, kind
        assert above <= named | {"OSError", "APIStatusError"}, kind
