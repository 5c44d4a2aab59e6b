"""Under which name a file is saved, and what becomes of one that has it already."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate, Reply
from hypothesis import given
from hypothesis import strategies as st
from runtime.files import media_type
from runtime.files.downloads.naming import beside, check_folder, has_field, in_folder, unknown_field
from runtime.files.downloads.naming import named as named_by
from runtime.files.downloads.target import FileFacts, numbered, own_name, targets_in
from runtime_sample import Image
from saving import save

if TYPE_CHECKING:
    from fal_server import FalServer
    from runtime_twin import Twin

CONTENT = b"content"
MOST = 255


@pytest.fixture
def url(server: FalServer) -> str:
    server.storage.pages["cat.png"] = Reply(200, CONTENT)
    return f"{server.storage.cdn_url}/files/cat.png"


def named(url: str, file_name: str) -> Image:
    return Image(url=url, file_name=file_name, content_type=None)


@pytest.mark.parametrize(
    "name",
    ["猫" * 80 + ".png", "猫" * 83 + ".png", "x" * 251 + ".png", "é" * 125 + ".jpeg", "x" * 255, "." + "y" * 254],
    ids=range(6),
)
def test_a_name_that_is_legal_is_taken(twin: Twin, tmp_path: Path, url: str, name: str) -> None:
    """What it is called until it is whole does not get longer with it."""
    assert len(name.encode()) <= MOST
    assert save(twin, url, tmp_path / name) == tmp_path / name
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("given", "saved"),
    [
        ("猫" * 80 + ".png", "猫" * 80 + ".png"),
        ("猫" * 150 + ".png", "猫" * 83 + ".png"),
        ("🐈" * 100 + ".jpeg", "🐈" * 62 + ".jpeg"),
        ("x" * 400 + ".png", "x" * 196 + ".png"),
        ("猫" * 100, "猫" * 85),
        ("a." + "猫" * 100, "a." + "猫" * 84),
        ("a" * 199 + " .b.c" + "d" * 30, "a" * 199),
        ("\ud800cat\udfff.png", "_cat_.png"),
    ],
    ids=range(8),
)
def test_a_long_name_keeps_its_ending(twin: Twin, tmp_path: Path, url: str, given: str, saved: str) -> None:
    assert save(twin, named(url, given), tmp_path).name == saved
    assert save(twin, named(url, given), tmp_path).name == numbered(saved, 2)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.png", ("a", ".png")),
        ("a.b.png", ("a.b", ".png")),
        ("a." + "x" * 20, ("a", "." + "x" * 20)),
        ("a." + "x" * 21, ("a." + "x" * 21, "")),
        (".png", (".png", "")),
        ("a", ("a", "")),
    ],
)
def test_what_an_ending_is(name: str, parts: tuple[str, str]) -> None:
    assert media_type.split(name) == parts


@pytest.mark.parametrize(
    ("given", "saved"),
    [("nul.png", "_nul.png"), ("CON", "_CON.png"), ("Lpt1 .x.png", "_Lpt1 .x.png"), ("com\u00b9.png", "_com\u00b9.png"),
     ("console.png", "console.png"), ("com10.png", "com10.png"), ("a.nul", "a.nul")],
)  # fmt: skip
def test_no_name_is_a_device_of_windows(given: str, saved: str) -> None:
    assert own_name(FileFacts("https://v3.fal.media/files/x", given, "image/png")) == saved


@pytest.mark.skipif(os.name == "nt", reason="Windows may call it a path that is not found")
@pytest.mark.parametrize("is_new", [False, True])
def test_a_name_that_is_too_long_is_refused_before_anything_is_asked(
    twin: Twin, tmp_path: Path, url: str, is_new: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_new:  # so it is in Python 3.14
        monkeypatch.setattr(Path, "is_dir", lambda path: os.path.isdir(path))  # noqa: PTH112
    with pytest.raises(OSError, match="name too long"):
        save(twin, url, tmp_path / ("x" * 256))
    assert twin.server.storage.seen == []


@given(st.text(max_size=400), st.text(max_size=300), st.sampled_from([None, "image/png", "model/gltf-binary", "x"]))
def test_every_name_fits_on_a_disk(name: str, in_url: str, kind: str | None) -> None:
    own = own_name(FileFacts(f"https://v3.fal.media/{in_url}", name, kind))
    for each in (own, numbered(own, 2), numbered(numbered(own, 10), 1000)):
        assert 0 < len(each.encode()) <= MOST
        assert each not in (".", "..")
        assert "/" not in each
    assert media_type.split(numbered(own, 2))[1] == media_type.split(own)[1]


# What is there already.


@pytest.mark.parametrize(
    ("overwrite", "names"),
    [(None, ["cat-2.png", "cat-3.png", "cat.png"]), (True, ["cat.png"])],
)
def test_in_a_folder_nothing_is_replaced_unless_wished(
    twin: Twin, tmp_path: Path, url: str, overwrite: bool | None, names: list[str]
) -> None:
    """Nobody named the file: two outputs may have the same name."""
    (tmp_path / "cat.png").write_bytes(b"before")
    saved = [save(twin, url, tmp_path, overwrite=overwrite) for _ in range(2)]
    assert [path.read_bytes() for path in saved] == [CONTENT, CONTENT]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert (tmp_path / "cat.png").read_bytes() == (b"before" if overwrite is None else CONTENT)


def test_in_a_folder_nothing_is_saved_beside_it_where_that_is_refused(twin: Twin, tmp_path: Path, url: str) -> None:
    (tmp_path / "cat.png").write_bytes(b"before")
    with pytest.raises(FileExistsError, match=r"cat\.png' is there already, and overwrite=False"):
        save(twin, url, tmp_path, overwrite=False)
    assert twin.server.storage.seen == []


def test_a_path_that_the_caller_names_is_replaced(twin: Twin, tmp_path: Path, url: str) -> None:
    (tmp_path / "cat.png").write_bytes(b"before")
    assert save(twin, url, tmp_path / "cat.png").read_bytes() == CONTENT


@pytest.mark.parametrize("overwrite", ["yes", 1, 0])
def test_overwrite_is_a_bool(twin: Twin, tmp_path: Path, url: str, overwrite: Any) -> None:
    with pytest.raises(TypeError, match="overwrite must be True or False, not"):
        save(twin, url, tmp_path, overwrite=overwrite)


@pytest.mark.parametrize("overwrite", [None, False])
def test_whoever_comes_first_has_the_name(server: FalServer, tmp_path: Path, url: str, overwrite: bool | None) -> None:
    """Of two that are saved at the same time, neither is lost in silence."""
    gate = Gate(opens_at=2)
    server.storage.first["download"] = [Reply(200, CONTENT, gate=gate), Reply(200, CONTENT, gate=gate)]
    raised: list[Exception] = []

    def one() -> None:
        try:
            Image(url=url).download(tmp_path, overwrite=overwrite)
        except FileExistsError as error:
            raised.append(error)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    saved = sorted(path.name for path in tmp_path.iterdir())
    assert (saved, len(raised)) == ((["cat-2.png", "cat.png"], 0) if overwrite is None else (["cat.png"], 1))
    assert (tmp_path / "cat.png").read_bytes() == CONTENT


def test_names_of_one_call_differ_for_every_file_system(tmp_path: Path) -> None:
    names = ["cat.png", "Cat.png", "cat.png", "CAT-2.png", "e\u0301.png", "\u00e9.png", "cat", "cat.png"]
    files = [FileFacts("https://v3.fal.media/x", name, None) for name in names]
    (tmp_path / "cat-3.png").write_bytes(b"")
    made = [target.path.name for target in targets_in(tmp_path, files, None)]
    assert len({name.casefold() for name in made}) == len(names)
    assert made[:3] == ["cat.png", "Cat-2.png", "cat-4.png"]
    replacing = [target.path.name for target in targets_in(tmp_path, files, True)]
    assert replacing[:3] == ["cat.png", "Cat-2.png", "cat-3.png"]


def test_nothing_is_left_of_a_name_that_was_only_reserved(
    twin: Twin, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(PermissionError):
        save(twin, url, tmp_path)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - hidden ones as well


# --- where a template leads ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", ["{name}", "{stem}/{number}.{ext}", "new/{name}", "a.txt"])
def test_a_folder_that_can_be_written_to_is_taken(tmp_path: Path, template: str) -> None:
    check_folder(f"{tmp_path}/{template}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, int]] = []
    monkeypatch.setattr(os, "access", lambda *of: bool(asked.append(of)))  # root may write everywhere
    with pytest.raises(PermissionError, match=f"the folder {re.escape(str(tmp_path))} may not be written to"):
        check_folder(f"{tmp_path}/new/newer/{{name}}")
    assert asked == [(tmp_path, os.W_OK | os.X_OK)]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(NotADirectoryError, match=f"{re.escape(str(tmp_path / 'a'))} is no folder"):
        check_folder(f"{tmp_path}/a/b/{{name}}")


def test_a_folder_with_a_name_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"x{300}: File name too long$"):
        check_folder(f"{tmp_path}/{'x' * 300}/{{name}}")


# --- templates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("out/{name}", "out/cat.v2.png"),
        ("{stem}-{number}{ext}", "cat.v2-3.png"),
        ("{key}/{key}{ext}", "a b/a b.png"),
        ("out/it", "out/it"),
    ],
)
def test_a_template_is_filled_with_what_is_known(template: str, path: str) -> None:
    file = named("https://example.com/x.bin", "cat.v2.png")
    assert named_by(template, file, 3, {"key": "a b"}) == Path(path)


def test_what_a_caller_gives_for_a_field_leads_nowhere_else() -> None:
    found = named_by("out/{key}{ext}", named("https://example.com/x.png", "x.png"), 1, {"key": "../../etc/a"})
    assert found.parent == Path("out")
    assert found.suffix == ".png"


def test_fields_of_a_template() -> None:
    assert unknown_field("{key}/{name}", ["name", "key"]) is None
    assert unknown_field("{key}/{nam}{x}", ["name", "key"]) == "nam"
    assert [has_field("{a}/{b}", *names) for names in ([], ["b"], ["c"], ["c", "a"])] == [True, True, False, True]
    assert not has_field("a/b")
    assert [in_folder(folder) for folder in ("a", "a/", "/")] == ["a/{name}", "a/{name}", "/{name}"]


def test_beside_what_is_there_is_one_with_the_next_number() -> None:
    paths = beside(Path("a/cat.png"))
    assert [next(paths) for _ in range(3)] == [Path("a/cat.png"), Path("a/cat-2.png"), Path("a/cat-3.png")]
