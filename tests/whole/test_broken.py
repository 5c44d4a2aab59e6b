"""A document that cannot be generated: its endpoint is left as it was, and the others are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support import INTEGER, STRING, Project, document, obj, pretty, ref, run_cli

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("one") / "project")
    project.add("fal-ai/a")
    project.regenerate()
    return project


@pytest.fixture
def made(one: Project, tmp_path: Path) -> Project:
    return one.copied(tmp_path / "project")


def no_post(endpoint_id: str) -> str:
    data = document(endpoint_id)
    del data["paths"][f"/{endpoint_id}"]
    return pretty(data)


# --- a broken endpoint is left as it was -----------------------------------------------------------------------------

IMAGE = obj({"url": STRING, "file_name": STRING}, required=["url"])
BROKEN = {"not JSON": "{", "not OpenAPI": '{"error": {}}', "no POST path": no_post("fal-ai/b")}


@pytest.fixture(scope="module")
def of_three(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("three") / "project")
    size = obj({"w": INTEGER})
    output = obj({"image": ref("Image"), "only": ref("OnlyB")}, required=["image"])
    project.add("fal-ai/a", output=obj({"image": ref("Image")}), components={"Image": IMAGE})
    components = {"Image": IMAGE, "OnlyB": obj({"n": INTEGER}), "Size": size}
    project.add("fal-ai/b", input=obj({"size": ref("Size")}), output=output, components=components)
    project.add("fal-ai/b/c")
    project.regenerate()
    return project


@pytest.fixture
def three(of_three: Project, tmp_path: Path) -> Project:
    """Endpoints a, b and b/c; b uses types of its own and shared ones."""
    return of_three.copied(tmp_path / "project")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [*BROKEN, "missing"])
def test_a_broken_endpoint_is_left_as_it_was_and_the_others_are_written(
    name: str, three: Project, capsys: Capture
) -> None:
    before = three.tree()
    three.add("fal-ai/new")
    if name == "missing":
        three.path("fal-ai/b").unlink()
        lines = "".join(f'["fal-ai/{x}"]\n' for x in ("a", "b", "b/c", "new"))
        (three.specs / "endpoints.toml").write_text(lines, encoding="utf-8")
    else:
        three.put("fal-ai/b", BROKEN[name])
    for _ in range(2):
        assert run_cli(three, capsys, "regenerate").code == 4
        after = three.tree()
        assert "fal_typed/endpoints/new.py" in after
        same = [
            p
            for p in before
            if not p.endswith(("manifest.json", "root.py", "_registry.py", "_schemas.txt", ".md"))
            and p != "fal_typed/_fakes/__init__.pyi"
        ]
        assert "fal_typed/_fakes/b.pyi" in same
        assert {p: after[p] for p in same} == {p: before[p] for p in same}
        assert '"fal-ai/b": ("b", "B"),' in after["fal_typed/_registry.py"]
        assert '    b: "ChildNode[B]" = ChildNode("B")' in after["fal_typed/endpoints/_root.py"]
        assert "`fal-ai/b`" in after["README.md"]
    assert run_cli(three, capsys, "regenerate", "--check").code == 4


def test_a_broken_endpoint_that_was_never_there_is_left_out(made: Project, capsys: Capture) -> None:
    made.put("fal-ai/b", "{")
    assert run_cli(made, capsys, "regenerate").code == 4
    assert "fal-ai/b" not in "".join(made.tree().values())


def test_a_broken_endpoint_that_gets_a_child(made: Project, capsys: Capture) -> None:
    """Its module would have to become a package; whatever is done, what is registered must exist."""
    made.add("fal-ai/a/child")
    made.put("fal-ai/a", "{")
    done = run_cli(made, capsys, "regenerate")
    assert done.code == 4
    assert done.err.splitlines()[1] == (
        "specs/fal-ai/a/child.json:1: error: fal-ai/a/child can be emitted when the document of fal-ai/a, its parent, "
        "can be read again [no-parent]"
    )
    assert_registered_exists(made)
    assert "class A(" in "".join(made.tree().values())


def test_a_broken_endpoint_that_loses_its_child(three: Project, capsys: Capture) -> None:
    three.path("fal-ai/b/c").unlink()
    three.put("fal-ai/b", "{")
    assert run_cli(three, capsys, "regenerate").code == 4
    assert_registered_exists(three)


def test_a_broken_endpoint_whose_module_is_gone(three: Project, capsys: Capture) -> None:
    import shutil

    shutil.rmtree(three.output / "fal_typed")
    three.put("fal-ai/b", "{")
    assert run_cli(three, capsys, "regenerate").code == 4
    assert_registered_exists(three)


def assert_registered_exists(project: Project) -> None:
    tree = project.tree()
    for _, module in re.findall(r'"(fal-ai/[^"]+)": \("([^"]+)", ', tree["fal_typed/_registry.py"]):
        path = f"fal_typed/endpoints/{module.replace('.', '/')}"
        assert f"{path}.py" in tree or f"{path}/__init__.py" in tree, module
        parents = [path.rsplit("/", n)[0] for n in range(1, module.count(".") + 1)]
        assert not [one for one in parents if f"{one}.py" in tree], f"{module}: below a module that is no package"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", BROKEN)
def test_a_document_that_is_repaired_ends_in_the_clean_tree(name: str, three: Project, capsys: Capture) -> None:
    before, text = three.tree(), three.path("fal-ai/b").read_text(encoding="utf-8")
    three.put("fal-ai/b", BROKEN[name])
    three.add("fal-ai/a", output=obj({"image": ref("Image")}), components={"Image": {**IMAGE, "description": "New."}})
    assert run_cli(three, capsys, "regenerate").code == 4
    three.put("fal-ai/b", text)
    three.add("fal-ai/a", output=obj({"image": ref("Image")}), components={"Image": IMAGE})
    assert run_cli(three, capsys, "regenerate").code == 0
    assert three.tree() == before


def test_a_shared_type_keeps_the_words_of_a_broken_origin(three: Project, capsys: Capture) -> None:
    three.add("fal-ai/a", output=obj({"image": ref("Photo")}), components={"Photo": {**IMAGE, "description": "Of a."}})
    assert run_cli(three, capsys, "regenerate").code == 0
    before = three.module("models/_photo.py")
    assert "Of a." in before
    three.put("fal-ai/a", "{")
    assert run_cli(three, capsys, "regenerate").code == 4
    assert three.module("models/_photo.py") == before
