"""`download=`: where the files of jobs are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server.file_host import Asked, FileHost, Sent
from mapping import mapped, prompts, sent
from runtime.batch.saving import check_template
from runtime.journal.journal import Journal
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fal_server import FalServer


FILES = {"/a.png": b"first", "/b.png": b"second"}


@pytest.fixture
def gone() -> list[str]:
    """Paths that are not there the next time that they are asked for."""
    return []


@pytest.fixture(autouse=True)
def _files(server: FalServer, gone: list[str]) -> Iterator[None]:
    def answer(asked: Asked) -> Sent:
        if asked.path in gone:
            gone.remove(asked.path)
            return Sent(404)
        return Sent(body=FILES[asked.path])

    with FileHost(answer) as host:
        images = [{"url": host.url + path, "width": 1, "height": 1} for path in FILES]
        server.plan(SCHNELL, output={"images": images, "seed": 1})
        yield


def test_a_folder_for_each_job(twin: Twin, tmp_path: Path) -> None:
    found = mapped(twin, prompts(3), download=tmp_path / "out/{key}")
    for job in found.jobs:
        assert job.error is None
        assert job.files == tuple(tmp_path / "out" / job.key / name for name in ("a.png", "b.png"))
        assert [file.read_bytes() for file in job.files] == [b"first", b"second"]


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{index}{ext}", ["0.png", "0-2.png"]),
        ("{index}-{number}{ext}", ["0-1.png", "0-2.png"]),
        ("{key}/{stem}.x", ["{key}/a.x", "{key}/b.x"]),
        ("{request_id}-{name}", ["{id}-a.png", "{id}-b.png"]),
        ("", ["a.png", "b.png"]),
        ("new/", ["new/a.png", "new/b.png"]),
        ("{index}", ["0/a.png", "0/b.png"]),
        ("v1.2/{index}", ["v1.2/0/a.png", "v1.2/0/b.png"]),
    ],
)
def test_templates(server: FalServer, tmp_path: Path, template: str, names: list[str]) -> None:
    (job,) = mapped(Twin(server, is_async=False), prompts(1), download=f"{tmp_path}/{template}").jobs
    wanted = [name.format(key=job.key, id=job.request_id) for name in names]
    assert [file.relative_to(tmp_path).as_posix() for file in job.files] == wanted


def test_what_may_be_anothers_stays_and_what_is_the_jobs_own_is_replaced(server: FalServer, tmp_path: Path) -> None:
    twin = Twin(server, is_async=False)
    (tmp_path / "a.png").write_bytes(b"mine")
    (job,) = mapped(twin, prompts(1), download=tmp_path).jobs
    assert [file.name for file in job.files] == ["a-2.png", "b.png"]
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    (tmp_path / job.key).mkdir()
    (tmp_path / job.key / "a.png").write_bytes(b"half of it")
    (job,) = mapped(twin, prompts(1), download=f"{tmp_path}/{{key}}").jobs
    assert [file.read_bytes() for file in job.files] == [b"first", b"second"]
    assert len([*(tmp_path / job.key).iterdir()]) == 2


def test_a_file_that_is_not_to_be_had_is_had_the_next_time(
    twin: Twin, server: FalServer, tmp_path: Path, gone: list[str]
) -> None:
    """The output is written down before: nothing is paid for again."""
    journal = Journal.in_memory()
    gone.append("/b.png")
    (job,) = mapped(twin, prompts(1), journal=journal, download=tmp_path / "{key}").jobs
    assert job.error is not None
    (again,) = mapped(twin, prompts(1), journal=journal, download=tmp_path / "{key}").jobs
    assert again.how == "kept"
    assert [file.read_bytes() for file in again.files] == [b"first", b"second"]
    (third,) = mapped(twin, prompts(1), journal=journal, download=tmp_path / "{key}").jobs
    assert third.files == again.files
    assert len(sent(server)) == 1


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("out/{id}.png", "download: there is no {id}; there are {key}, {index}, {request_id}, {name}, {stem}, {ext}"),
        ("out/cat.png", "download: every file would be 'out/cat.png'; say which with {key}, {index} or {name}"),
        ("{here}/a/file/{key}", "{here}/a is no folder"),
    ],
)
def test_a_template_that_cannot_be(tmp_path: Path, template: str, said: str) -> None:
    (tmp_path / "a").write_bytes(b"")
    given: Any = template.replace("{here}", str(tmp_path))
    with pytest.raises((ValueError, OSError)) as raised:
        check_template(given)
    assert str(raised.value).startswith(said.replace("{here}", str(tmp_path)))
