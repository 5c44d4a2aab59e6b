"""A run that remembers gives what one gives that remembers nothing: files, `types.lock`, messages."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from support import CASES, INTEGER, STRING, Project, obj, pretty, ref

from generator import pipeline
from generator.emit import workers
from generator.ir import remembered
from generator.parse import parse as parse_module
from generator.project.cache import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIZE = obj({"width": INTEGER, "height": INTEGER})
LORA = obj({"path": STRING, "scale": {"type": "number", "maximum": 4}}, required=["path"])


def outcome(project: Project) -> dict[str, Any]:
    """All that a run leaves and says."""
    result = project.regenerate()
    lock = project.specs / "types.lock"
    return {
        "tree": project.tree(),
        "lock": lock.read_text(encoding="utf-8") if lock.is_file() else "",
        "messages": [one.render(result.texts) for one in result.diagnostics],
        "json": [one.as_json(result.texts) for one in result.diagnostics],
        "changes": (sorted(result.changes.write), result.changes.remove, sorted(result.changes.new)),
    }


def compare(project: Project, folder: Path) -> None:
    """Run it as it is, and a copy of it without a cache."""
    other = project.copied(folder)
    shutil.rmtree(other.root / FOLDER, ignore_errors=True)
    remembering, fresh = outcome(project), outcome(other)
    for part, found in fresh.items():
        assert remembering[part] == found, part
    shutil.rmtree(folder)


# --- random edits ----------------------------------------------------------------------------------------------------


def start(project: Project) -> None:
    """Documents in every shape, and some that share types."""
    for path in sorted(CASES.glob("*.json")):
        project.put(f"fal-ai/case/{path.stem}", path.read_text(encoding="utf-8"))
    for number in range(6):
        project.add(
            f"fal-ai/e{number}",
            input=obj({"prompt": STRING, "size": ref("Size"), "loras": {"type": "array", "items": ref("Lora")}}),
            output=obj({"image": ref("Image"), "size": ref("Size")}),
            components={
                "Size": {**SIZE, "description": f"As {number % 2}."},
                "Lora": {**LORA, "description": f"Of {number}."},
                "Image": obj({"url": STRING, "content_type": STRING, **({"more": STRING} if number > 3 else {})}),
            },
        )


def schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with properties in a document."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict) and value["properties"]:
            yield value
        for below in value.values():
            yield from schemas(below)
    elif isinstance(value, list):
        for below in value:
            yield from schemas(below)


def edit_property(data: Any, chance: random.Random) -> None:
    found = list(schemas(data))
    if not found:
        return
    schema = chance.choice(found)
    properties = schema["properties"]
    name = chance.choice(sorted(properties))
    match chance.randrange(6):
        case 0:
            properties[name] = {**INTEGER, "maximum": chance.randrange(9)}
        case 1:
            properties[f"extra_{chance.randrange(99)}"] = {**STRING, "description": "Come anew. See the URL."}
        case 2:
            del properties[name]
        case 3 if isinstance(properties[name], dict):
            properties[name]["description"] = f"Other words, {chance.randrange(99)}."
        case 4:
            schema["required"] = [name]
        case _:
            schema["description"] = f"Told anew, {chance.randrange(99)}."


def edit(project: Project, chance: random.Random) -> None:  # noqa: C901  (one case for each thing that can change)
    """Change one thing."""
    ids = sorted(p.relative_to(project.specs).with_suffix("").as_posix() for p in project.specs.glob("*/**/*.json"))
    one = chance.choice(ids)
    path = project.path(one)
    match chance.randrange(12):
        case 0:
            path.unlink()
        case 1:
            project.put(f"{one}/below", path.read_text(encoding="utf-8"))
        case 2:
            project.put(f"other/new-{chance.randrange(9)}", path.read_text(encoding="utf-8"))
        case 3:
            path.write_text(path.read_text(encoding="utf-8")[: chance.randrange(400)], encoding="utf-8")
        case 4:
            path.write_text(
                path.read_text(encoding="utf-8").replace('"openapi": "3', '"openapi": "2'), encoding="utf-8"
            )
        case 5:
            text = f'[not-files]\n"prompt" = "why"\n"image_url" = "reason {chance.randrange(3)}"\n'
            (project.specs / "file-inputs.toml").write_text(text, encoding="utf-8")
        case 6:
            tables = sorted((project.root / FOLDER).glob("*.json"))
            if tables:
                spoil(chance.choice(tables), chance)
        case _:
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                path.unlink()
            else:
                edit_property(data, chance)
                project.put(one, pretty(data))


def spoil(table: Path, chance: random.Random) -> None:
    """Cut a table of the cache, change a byte of it, or take it away."""
    data = bytearray(table.read_bytes())
    match chance.randrange(3):
        case 0:
            table.write_bytes(data[: chance.randrange(len(data))])
        case 1:
            data[chance.randrange(len(data))] ^= 1
            table.write_bytes(data)
        case _:
            table.unlink()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_edited(seed: int, project: Project, tmp_path: Path) -> None:
    chance = random.Random(seed)
    start(project)
    compare(project, tmp_path / "fresh")
    for _ in range(25):
        for _ in range(chance.choice([1, 1, 1, 2, 5])):
            edit(project, chance)
        compare(project, tmp_path / "fresh")


# --- what is done, and what is not -----------------------------------------------------------------------------------


def size(width: str) -> dict[str, Any]:
    return obj({"width": {**INTEGER, "description": width}, "height": INTEGER})


@pytest.fixture
def some(project: Project) -> Project:
    """A few documents that share types, each in its own words, generated."""
    for number in range(5):
        components = {"Size": size(f"In {number} steps."), "Lora": LORA}
        given = obj({"size": ref("Size"), "lora": ref("Lora")})
        project.add(f"fal-ai/e{number}", input=given, components=components)
    project.regenerate()
    return project


def parsed(project: Project, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that a run parses."""
    found: list[str] = []
    original = parse_module.parse

    def counting(document: Any, findings: Any) -> Any:
        found.append(document.id)
        return original(document, findings)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "parse", counting)
        patch.setattr(remembered, "parse", counting)
        project.regenerate()
    return found


def test_what_depends_on_one_document_is_done_for_one(
    some: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert parsed(some, monkeypatch) == []
    lowered: list[int] = []
    original = pipeline.lower

    def counting(named: Any, *rest: Any) -> Any:
        lowered.append(len(named.endpoints))
        return original(named, *rest)

    monkeypatch.setattr(pipeline, "lower", counting)
    components = {"Size": size("In 3 steps."), "Lora": LORA}
    given = obj({"size": ref("Size"), "lora": ref("Lora"), "steps": {**INTEGER, "maximum": 7}})
    some.add("fal-ai/e3", input=given, components=components)
    assert parsed(some, monkeypatch) == ["fal-ai/e3"]
    assert lowered == [1]
    compare(some, tmp_path / "fresh")


def test_the_words_of_a_shared_input_reach_those_who_differ_from_them(some: Project, tmp_path: Path) -> None:
    """The others' documents are as they were, and their modules are not."""
    assert "Here, `Size.width`: In 2 steps." in some.module("endpoints/e2.py")
    given = obj({"size": ref("Size"), "lora": ref("Lora")})
    some.add("fal-ai/e0", input=given, components={"Size": size("In 2 steps."), "Lora": LORA})
    compare(some, tmp_path / "fresh")
    assert "Here, `Size.width`" not in some.module("endpoints/e2.py")
    some.path("fal-ai/e0").unlink()
    compare(some, tmp_path / "fresh")


def test_a_child_that_comes_makes_a_package_of_its_parent(some: Project, tmp_path: Path) -> None:
    for child in ("child", "another"):
        some.add(f"fal-ai/e1/{child}")
        compare(some, tmp_path / "fresh")
    some.path("fal-ai/e1/child").unlink()
    compare(some, tmp_path / "fresh")


def test_that_fal_lists_an_endpoint_no_more_is_seen(some: Project, tmp_path: Path) -> None:
    entry = {"url": "x", "sha256": "y", "changed": "2026-01-01", "vanished": "2026-02-02"}
    lock = {"endpoints": {"fal-ai/e2": entry}}
    (some.specs / "lock.json").write_text(json.dumps(lock), encoding="utf-8")
    compare(some, tmp_path / "fresh")
    assert "2026-02-02" in some.module("endpoints/e2.py")


def without(*tables: str) -> Callable[[Project], None]:
    def remove(project: Project) -> None:
        for one in tables:
            (project.root / FOLDER / f"{one}.json").unlink()

    return remove


def of_another_version(project: Project) -> None:
    """Tables that are whole, and that another generator made of the same."""
    from generator.project.cache import Cache

    for name in ("readings", "definitions", "finished"):
        whole = json.loads((project.root / FOLDER / f"{name}.json").read_bytes().partition(b"\n")[2])
        other = Cache(project.root / FOLDER, name, "another")
        for owner, texts in whole["entries"].items():
            for key in texts:
                other.put(key, '["what", "is", "this"]', owner)
        other.save()


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "spoilt",
    [
        without("finished"),
        without("readings", "definitions"),
        without("format"),
        without("models", "inert"),
        of_another_version,
    ],
)
def test_a_part_of_the_cache_is_enough(spoilt: Callable[[Project], None], some: Project, tmp_path: Path) -> None:
    spoilt(some)
    some.add("fal-ai/e3", components={"Size": SIZE, "Lora": LORA})
    compare(some, tmp_path / "fresh")
    compare(some, tmp_path / "fresh")


def test_a_text_of_another_run_is_not_taken(some: Project, tmp_path: Path) -> None:
    """A run that is cut off leaves tables of two runs."""
    kept = {name: (some.root / FOLDER / f"{name}.json").read_bytes() for name in ("finished", "readings")}
    before = some.path("fal-ai/e3").read_bytes()
    some.add("fal-ai/e3", input=obj({"size": ref("Size"), "steps": INTEGER}), components={"Size": SIZE})
    some.regenerate()
    for name, data in kept.items():
        (some.root / FOLDER / f"{name}.json").write_bytes(data)
    some.path("fal-ai/e3").write_bytes(before)
    compare(some, tmp_path / "fresh")


def test_an_edited_file_is_found_although_its_document_is_as_it_was(some: Project, tmp_path: Path) -> None:
    path = some.output / "fal_typed" / "endpoints" / "e2.py"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (some.output / "fal_typed" / "endpoints" / "e4.py").unlink()
    some.add("fal-ai/e3", components={"Size": SIZE, "Lora": LORA})
    compare(some, tmp_path / "fresh")
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
    assert some.regenerate(force=True).changes.write.keys() >= {"fal_typed/endpoints/e2.py"}
    assert not path.read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.slow
def test_processes_read_what_one_does(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(project)
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 1)
    processes = outcome(project)
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 10_000)
    other = Project(tmp_path / "alone", project.settings_text)
    shutil.copytree(project.specs, other.specs, dirs_exist_ok=True)
    (other.specs / "types.lock").unlink()
    assert outcome(other) == processes


def test_what_it_remembers_is_json(some: Project) -> None:
    for table in (some.root / FOLDER).glob("*.json"):
        head, _, body = table.read_bytes().partition(b"\n")
        assert head.split()[0] == b"2"
        assert json.loads(body).keys() == {"made_by", "entries"}
