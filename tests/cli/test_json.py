"""What `--json` prints is what `generator/MAINTAINING.md` says: its keys, no other, and each of them seen."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, REPOSITORY, STRING, Project, document, obj, pretty, ref, run_cli

from generator.cli import GROUPS, app
from generator.cli.app import JSON_VERSION

if TYPE_CHECKING:
    from catalog_server import CatalogServer

Capture = pytest.CaptureFixture[str]
PAGE = (REPOSITORY / "generator" / "MAINTAINING.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## What `--json` prints\n")[2].partition("\n## ")[0]


def documented() -> dict[str, set[str]]:
    """The keys of each table, by what its heading names."""
    tables: dict[str, set[str]] = {}
    for table in re.findall(r"(?:^\|.*\n)+", SECTION, re.MULTILINE):
        heading, _, *rows = table.splitlines()
        keys = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])}
        for command in re.findall(r"`([a-z-]+(?: --quality)?) --json`", heading):
            tables[command] = keys
    return tables


KEYS = documented()


def paths(value: Any, known: set[str], at: str = "") -> set[str]:
    """The places of all values in what was printed, in the page's spelling."""
    if isinstance(value, list):
        return {f"{at}[]"} | {path for item in value for path in paths(item, known, f"{at}[]")}
    if isinstance(value, dict):
        is_map = any(key.startswith((f"{at}.*", f"{at}.*.")) for key in known) if at else False
        steps = [(".*" if is_map else f".{key}" if at else key, one) for key, one in value.items()]
        return {path for step, one in steps for path in paths(one, known, f"{at}{step}")}
    return {at}


def held(outputs: list[str], command: str) -> None:
    """Hold what a command printed, in several runs, against the page."""
    known, seen = KEYS[command], set[str]()
    for text in outputs:
        printed = json.loads(text)
        assert printed.pop("version") == JSON_VERSION
        seen |= paths(printed, known)
    assert ends(seen) == ends(known)


def ends(keys: set[str]) -> set[str]:
    """The keys that have nothing below them."""
    return {key for key in keys if not any(other.startswith((f"{key}.", f"{key}[")) for other in keys)}


def test_the_page_says_which_version_it_describes() -> None:
    assert f"Its `version` is {JSON_VERSION}:" in SECTION


def test_every_command_with_json_is_on_the_page() -> None:
    assert {command.split(" ")[0] for command in KEYS} == with_json()


def with_json() -> set[str]:
    """The commands that have the option."""
    from importlib import import_module

    import typer.main

    for group in GROUPS:
        import_module(f"generator.cli.{group}")
    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {name for name, one in commands.items() if any("--json" in option.opts for option in one.params)}


def test_list(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a", input=obj({"it": ref("Nowhere")}))
    held([run_cli(project, capsys, "list", "--json").out], "list")
    held([run_cli(project, capsys, "list", "--quality", "--json").out], "list --quality")


def test_regenerate(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a", input=obj({"it": ref("Nowhere")}))
    project.add("fal-ai/b")
    outputs = [run_cli(project, capsys, "regenerate", "--json").out]
    project.path("fal-ai/b").unlink()
    outputs += [run_cli(project, capsys, "regenerate", "--json", *check).out for check in (["--check"], [])]
    held(outputs, "regenerate")


def test_fetch_and_add(project: Project, catalog: CatalogServer, capsys: Capture) -> None:
    catalog.add("fal-ai/a", document("fal-ai/a"))
    catalog.add("fal-ai/b", document("fal-ai/called"))
    outputs = [run_cli(project, capsys, "add", "fal-ai/a", "fal-ai/b", "fal-ai/no", "--json").out]
    catalog.add("fal-ai/a", document("fal-ai/a", about="Now it is this."))
    outputs.append(run_cli(project, capsys, "fetch", "--json").out)
    del catalog.models["fal-ai/a"]
    outputs.append(run_cli(project, capsys, "fetch", "--json").out)
    held(outputs, "fetch")
    assert KEYS["add"] == KEYS["fetch"]


def test_diff(project: Project, capsys: Capture) -> None:
    for folder, photo in (("before", ref("Photo")), ("after", INTEGER)):
        for name in ("a", "b"):
            output = obj({"it": photo}, required=["it"])
            made = document(f"fal-ai/{name}", output=output, components={"Photo": obj({"x": STRING})})
            path = project.root / folder / "fal-ai" / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pretty(made), encoding="utf-8")
    sides = [f"{project.root}/before", f"{project.root}/after"]
    outputs = [run_cli(project, capsys, "diff", *sides, "--json").out]
    (project.root / "after" / "fal-ai" / "c.json").write_text("{", encoding="utf-8")
    held([*outputs, run_cli(project, capsys, "diff", *sides, "--json").out], "diff")


def test_verify_docs(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a", input=obj({"n": {**INTEGER, "minimum": 1, "maximum": 4}}))
    project.add("fal-ai/b")
    project.regenerate()
    module = project.output / "fal_typed" / "endpoints" / "a.py"
    module.write_text(project.module("endpoints/a.py").replace("Range: 1 to 4", "Range: 1 to 5"), encoding="utf-8")
    pages = project.root / "tests" / "docs" / "pages"
    pages.mkdir(parents=True)
    text = "### Input Schema\n\n- **`n`** (`string`, _optional_)\n\n### Outputs\n"
    (pages / "fal-ai__a.llms.txt").write_text(text, encoding="utf-8")
    (pages / "fal-ai__gone.llms.txt").touch()
    entry = 'endpoint = "fal-ai/gone"\npage = "llms.txt"\nplace = "input.x"\nfacet = "type"\nreason = "Why."\n'
    (project.specs / "docs-exceptions.toml").write_text(f"[[exception]]\n{entry}", encoding="utf-8")
    held([run_cli(project, capsys, "verify-docs", "--json").out], "verify-docs")
