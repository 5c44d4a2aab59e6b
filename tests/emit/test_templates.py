"""Templates hold shape, Python holds decisions; and nothing misspelt renders as nothing."""

from __future__ import annotations

import ast
import importlib
import pickle
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jinja2 import Environment, FileSystemLoader
from runtime import emitted
from runtime.batch import emitted as of_batch
from runtime.testing import emitted as of_testing
from support import INTEGER, REPOSITORY, STRING, Project, obj, ref, run_cli

from generator import places
from generator.diagnostics import TemplateError
from generator.emit import public, render
from generator.emit.format import FormatError, laid_out
from generator.emit.templates import in_template
from generator.json_text import NotJsonError, parse

if TYPE_CHECKING:
    from types import ModuleType

GENERATOR = REPOSITORY / "generator"
TEMPLATES = REPOSITORY / "templates"

# --- templates -------------------------------------------------------------------------------------------------------

ALL_TEMPLATES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.jinja*"))


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_a_template_names_its_context_and_is_short(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    assert text.startswith("{#- Context: ")
    assert text.count("\n") <= 150


def test_every_template_is_used() -> None:
    writers = [GENERATOR / "emit" / "render.py", GENERATOR / "emit" / "around.py", *(GENERATOR / "site").rglob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in writers)
    included = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ALL_TEMPLATES)
    for name in ALL_TEMPLATES:
        if name.startswith("models/"):
            continue
        folder, _, file = name.rpartition("/")
        called = file.split(".")[0] if folder else name  # pages of the site are HTML and Markdown by the same name
        assert f'"{name}"' in included if file.startswith("_") else f'"{called}"' in code or f'"{name}"' in code, name


Capture = pytest.CaptureFixture[str]
Edited = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edited:
    """Edits a template in a copy of them, which is then what runs go by."""

    def edit(template: str, old: str, new: str) -> Path:
        copied = tmp_path / "templates"
        shutil.copytree(TEMPLATES, copied)
        path = copied / template
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(places, "TEMPLATES", copied)
        return path

    return edit


def raw_texts(template: str) -> list[str]:
    """What a template puts within quotes, or behind a comment sign, as it is."""
    found: list[str] = []
    docstring = False
    for line in re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL).splitlines():
        quoted = docstring
        for piece in re.split(r'(""\"|"|#(?![}])|\{\{.*?\}\}|\{%.*?%\})', line):
            if piece == '""' + '"':
                quoted = docstring = not docstring
            elif piece in ('"', "#") and not docstring:
                quoted = piece == "#" or not quoted
            elif (
                piece.startswith("{{")
                and quoted
                and not re.search(r"\| (literal|within|in_docstring|comment|toml|markdown) ", piece)
            ):
                found.append(piece)
    return found


@pytest.mark.parametrize("template", [name for name in ALL_TEMPLATES if not re.search(r"\.(md|html|svg)\.", name)])
def test_no_raw_text_within_quotes(template: str) -> None:
    """Of code: what is HTML escapes everything by itself."""
    assert raw_texts((TEMPLATES / template).read_text(encoding="utf-8")) == []


def test_the_readme_escapes_what_is_no_name() -> None:
    parts = ["README.md.jinja", "_files.md.jinja", "_webhooks.md.jinja", "_proxy.md.jinja", "FROM_FAL_CLIENT.md.jinja"]
    parts += [f"_from_fal_client_{part}.md.jinja" for part in ("samples", "otherwise", "names")]
    parts += [
        *("_seeing.md.jinja", "_schemas.md.jinja", "_following.md.jinja", "_command_line.md.jinja"),
        *("TESTING.md.jinja", "COMMAND_LINE.md.jinja", "_command_line_scripts.md.jinja"),
        *("_batch.md.jinja", "BATCH.md.jinja", "_command_line_batch.md.jinja"),
        *(f"_batch_{part}.md.jinja" for part in ("map", "states", "kept", "engines")),
        *(f"_testing_{part}.md.jinja" for part in ("scripts", "history", "calls", "cassettes", "server")),
    ]
    text = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in parts)
    raw = set(re.findall(r"\{\{ ([^|]*?) \}\}", text))
    # The package's own name, which the settings check, and code that is literals.
    shown = {'example.shown if example else "out"', "file_example[0]", "file_example[1]"}
    shown |= {f"{one}.{part}" for one in ("example", "streaming") for part in ("arguments", "module", "shown")}
    # Of the page for those who come from fal-client; an address, which the settings check.
    shown |= {f"{one}.{part}" for one in ("example", "streaming") for part in ("quoted_id", "body")}
    shown |= {f"file_example.{part}" for part in ("quoted_id", "body", "looked_up", "code", "file")}
    shown |= {"example.given"}
    shown |= {"example.looked_up", "example.printed", 'page("FROM_FAL_CLIENT.md")', 'page("TESTING.md")'}
    # What pip is given, which they check too.
    shown |= {
        "install()",
        *(f"install('{extra}')" for extra in ("webhooks", "proxy", "cli", "cli,batch", "otel", "batch", "plot")),
    }
    # An id, which is checked; JSON, quoted for a shell; and pages.
    shown |= {
        "example.id",
        "example.input_in_shell",
        'page("COMMAND_LINE.md")',
        'page("README.md")',
        'page("BATCH.md")',
    }
    assert raw == {"distribution", "api.package", "example.app", "example.output_name", *shown}


def test_the_changelog_takes_what_is_escaped_already() -> None:
    """Its lists are those of `diff --markdown`: what comes from documents stands in code marks, and ids are checked."""
    text = (TEMPLATES / "CHANGELOG.md.jinja").read_text(encoding="utf-8")
    assert set(re.findall(r"\{\{ ([^|]*?) \}\}", text)) == {
        "release.version", "release.date", "section.title", "section.markdown()", "header",
    }  # fmt: skip


@pytest.mark.parametrize(
    "line", ['x = "{{ a }}"', "# {{ a }}", '""' + '"About {{ a }}.""' + '"', '""' + '"\n{{ a }}\n""' + '"']
)
def test_raw_text_is_seen(line: str) -> None:
    assert raw_texts(line) == ["{{ a }}"]
    assert raw_texts(line.replace("a }}", "a | literal }}")) == []


def test_templates_decide_no_names() -> None:
    """The filters only write what they are given."""
    for name in ALL_TEMPLATES:
        expressions = re.findall(r"\{[{%].*?[}%]\}", (TEMPLATES / name).read_text(encoding="utf-8"))
        filters = {word for one in expressions for word in re.findall(r"\|\s*(\w+)", one)}
        assert filters <= set(render.WRITERS), name


@pytest.mark.parametrize(
    ("template", "right", "wrong", "message"),
    [
        ("endpoint.py.jinja", "if endpoint.path", "if endpoint.paht", "'paht'"),
        ("client.py.jinja", "user_agent |", "user_agnet |", "'user_agnet' is undefined"),
        ("namespace.py.jinja", "{{ doc }}", "{{ doc + 1 }}", 'TypeError: can only concatenate str (not "int") to str'),
        ("registry.py.jinja", "{{ header", "{% nothing %}{{ header", "Encountered unknown tag 'nothing'."),
        ("endpoint.py.jinja", "{%- include", "{%- inclued", "Encountered unknown tag 'inclued'."),
        ("endpoint.py.jinja", "_child_imports.py.jinja", "_child.py.jinja", "there is no template _child.py.jinja"),
        ("models/pydantic_v2/BaseModel.jinja2", "{{ field.annotation", "{{ field.anotation", "'anotation'"),
        ("models/pydantic_v2/BaseModel.jinja2", "{%- endfor", "{%- endfro", "Encountered unknown tag 'endfro'."),
        ("models/TypedDict.jinja2", "{{ fal_typed.keywords", "{{ fal_typed.keyword", "'keyword'"),
        ("models/TypedDict.jinja2", "{{ fal_typed.doc", "{{ fal_typed.none.doc", "'none'"),
    ],
)
def test_what_is_wrong_in_a_template_is_told_once_with_its_line(
    template: str, right: str, wrong: str, message: str, project: Project, edited: Edited, capsys: Capture
) -> None:
    path = edited(template, right, wrong)
    for name in ("a", "b", "c/d"):
        project.add(f"fal-ai/{name}")
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.out) == (2, "")
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    line = next(number for number, text in lines if wrong in text)
    assert done.err.startswith(f"error: {path}:{line}: ")
    assert message in done.err
    assert done.err.count("\n") == 1
    assert not project.output.exists()


def test_a_template_that_is_gone_is_named(project: Project, edited: Edited, capsys: Capture) -> None:
    path = edited("registry.py.jinja", "{{", "{{")
    path.unlink()
    project.add("fal-ai/a")
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.err) == (2, f"error: {path}: there is no template registry.py.jinja\n")


def test_what_processes_find_wrong_with_a_template_comes_back_whole(tmp_path: Path) -> None:
    error = pickle.loads(pickle.dumps(TemplateError(tmp_path / "a.jinja", 3, "so")))
    assert str(error) == f"{tmp_path}/a.jinja:3: so"


def test_what_goes_wrong_in_our_own_code_is_not_put_on_the_template(tmp_path: Path) -> None:
    (tmp_path / "it.jinja").write_text("{{ parse('{') }}", encoding="utf-8")
    it = Environment(loader=FileSystemLoader(tmp_path)).get_template("it.jinja")
    with pytest.raises(NotJsonError), in_template(tmp_path, "it.jinja"):
        it.render(parse=parse)
    with pytest.raises(ValueError, match="not of a template"), in_template(tmp_path, "it.jinja"):
        raise ValueError("not of a template")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("template", "right", "wrong"),
    [
        ("endpoint.py.jinja", "# {{ header", "import os\n# {{ header"),
        ("endpoint.py.jinja", "class {{", "clas {{"),
        ("shared_module.py.jinja", "# {{ header", "# {{ header | comment }}\nprint(1)\n# {{ header"),
        ("models/TypedDict.jinja2", "    {{ fal_typed.doc }}", "    {{ fal_typed.doc }}\n    import os"),
        ("client.py.jinja", "# {{ header", "import os\n# {{ header"),
        ("namespace.py.jinja", "# {{ header", "import os\n# {{ header"),
    ],
)
def test_what_all_modules_of_a_template_have_is_told_once_with_its_name(
    template: str, right: str, wrong: str, project: Project, edited: Edited, capsys: Capture
) -> None:
    edited(template, right, wrong)
    image, photo = obj({"url": STRING, "size": INTEGER}), obj({"it": STRING})
    for name in ("a", "b", "c/d"):
        output = obj({"one": ref("It"), "other": ref("Photo")})
        project.add(f"fal-ai/{name}", output=output, components={"It": image, "Photo": photo})
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: templates/{template}: ")
    assert "generator/emit/inert/allowed.py lists what may be emitted" in done.err
    assert "report" not in done.err
    assert done.err.count("\n") == 1
    assert not project.output.exists()


def test_public_names_exist() -> None:
    for name, module in public.PUBLIC_MODULES.items():
        imported = importlib.import_module(f"fal_typed.{name}")
        assert imported.__all__ == module.exports
        assert all(getattr(imported, one) is not None for one in module.exports)
    for name, module in render.EXPORTS.items():
        if module == f".{public.CONTRACT}":
            assert hasattr(emitted, name), name


@pytest.mark.parametrize(
    ("path", "emitted"),
    [
        ("emitted.py", emitted),
        ("testing/emitted.py", of_testing),
        ("batch/emitted.py", of_batch),
    ],
)
def test_the_contract_says_the_same_at_run_time_and_to_type_checkers(path: str, emitted: ModuleType) -> None:
    tree = ast.parse((TEMPLATES / "runtime" / path).read_text(encoding="utf-8"))
    (for_checkers,) = (node for node in tree.body if isinstance(node, ast.If))
    declared = {
        (f"{'.' * node.level}{node.module}", alias.name)
        for node in for_checkers.body
        if isinstance(node, ast.ImportFrom) and node.level
        for alias in node.names
    }
    found = {(module, name) for module, names in emitted._NAMES.items() for name in names}
    # Of what emitted classes derive from, type checkers know what is public: tests/runtime/test_faces.py compares.
    faces = {one for one in declared if one[0].startswith(".faces.") and one[0] != ".faces.verbs"}
    typed = {name for _, name in faces}
    assert declared - faces == {one for one in found if one[1] not in typed}
    assert typed - {name for _, name in found} <= {"ClientFace", "AsyncClientFace"}
    assert dir(emitted) == sorted(name for _, name in found)
    assert all(getattr(emitted, name) is not None for _, name in found)


def test_ruff_is_spawned_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    spawned: list[list[str]] = []
    run = subprocess.run

    def counted(arguments: list[str], **options: Any) -> Any:
        spawned.append(arguments)
        return run(arguments, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    project.add("fal-ai/a")
    project.add("fal-ai/b/c")
    project.plan()
    assert len(spawned) == 2


def test_a_module_that_is_no_python_is_shown_with_its_lines() -> None:
    with pytest.raises(FormatError) as caught:
        laid_out({"right.py": "a = 1\n", "wrong.py": "fine = 1\ndef (\n"})
    assert str(caught.value).startswith("wrong.py: ruff ")
    assert str(caught.value).endswith("\n    1 fine = 1\n    2 def (")


def test_the_python_of_a_page_is_laid_out_and_nothing_else_of_it() -> None:
    call = f'out = fal.a.subscribe(prompt="{"a" * 60}", negative_prompt="{"b" * 60}")'
    page = f"It's  a page.\n\n```python\n{call}\n```\n\n```python\nno python (\n```\n\n```shell\ncurl  it\n```\n"
    lines = f'out = fal.a.subscribe(\n    prompt="{"a" * 60}",\n    negative_prompt="{"b" * 60}",\n)'
    assert laid_out({"README.md": page}) == {"README.md": page.replace(call, lines)}
