"""Publishing, for real: build, check, upload to an index on loopback, install into an empty environment, call."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from fal_server import FalServer
from support import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
GENERATED = REPOSITORY / "generated"
TOP = ["pyproject.toml", "README.md", "LICENSE", ".gitignore"]
PROJECT = tomllib.loads((GENERATED / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION = PROJECT["version"]
WHEEL, SDIST = f"fal_typed-{VERSION}-py3-none-any.whl", f"fal_typed-{VERSION}.tar.gz"


def run(*command: str | Path, cwd: Path = REPOSITORY, **environment: str) -> str:
    """A program that must succeed; its output."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def package_files() -> dict[str, bytes]:
    """The files of the package, by the manifest, as they are kept."""
    manifest = json.loads((GENERATED / "manifest.json").read_text(encoding="utf-8"))
    return {path: (GENERATED / path).read_bytes() for path in manifest["files"] if path.startswith("fal_typed/")}


def test_the_wheel_holds_the_package_and_nothing_else(dist: Path) -> None:
    info = f"fal_typed-{VERSION}.dist-info"
    with zipfile.ZipFile(dist / WHEEL) as wheel:
        held = {name: wheel.read(name) for name in wheel.namelist()}
    extra = {f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    package = package_files()
    assert held.keys() == package.keys() | extra
    assert {path: held[path] for path in package} == package
    assert "fal_typed/py.typed" in held
    assert held[f"{info}/licenses/LICENSE"] == (REPOSITORY / "LICENSE").read_bytes()
    metadata = held[f"{info}/METADATA"].decode()
    assert [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ")] == [
        "Requires-Dist: httpx-sse<0.5,>=0.4.3",
        "Requires-Dist: httpx<1,>=0.27",
        "Requires-Dist: pydantic<3,>=2.12",
        "Requires-Dist: sniffio>=1.3",
        "Requires-Dist: typing-extensions>=4.14.1",
        "Requires-Dist: psycopg[binary]>=3.2.3; extra == 'batch'",
        "Requires-Dist: sqlalchemy>=2.0.36; extra == 'batch'",
        "Requires-Dist: rich>=13.8; extra == 'cli'",
        "Requires-Dist: typer>=0.26; extra == 'cli'",
        "Requires-Dist: django>=5.2; extra == 'django'",
        "Requires-Dist: fastapi>=0.110.1; extra == 'fastapi'",
        "Requires-Dist: flask>=3; extra == 'flask'",
        "Requires-Dist: opentelemetry-api>=1.30; extra == 'otel'",
        "Requires-Dist: matplotlib>=3.9; extra == 'plot'",
        "Requires-Dist: starlette>=0.37.2; extra == 'proxy'",
        "Requires-Dist: uvicorn>=0.34; extra == 'proxy'",
        "Requires-Dist: rich>=13.8; extra == 'rich'",
        "Requires-Dist: starlette>=0.37.2; extra == 'starlette'",
        "Requires-Dist: cryptography>=42; extra == 'webhooks'",
    ]
    assert f"\nVersion: {VERSION}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata


def test_the_sdist_holds_what_the_wheel_is_built_from(dist: Path) -> None:
    with tarfile.open(dist / SDIST) as sdist:
        names = {name.removeprefix(f"fal_typed-{VERSION}/") for name in sdist.getnames()}
    project = {"LICENSE", "pyproject.toml", ".gitignore", "PKG-INFO"}
    project |= {"README.md", "FROM_FAL_CLIENT.md", "TESTING.md", "COMMAND_LINE.md", "BATCH.md"}
    project |= {"CHANGELOG.md"} if (GENERATED / "CHANGELOG.md").is_file() else set()
    assert names == package_files().keys() | project


def elsewhere(folder: Path) -> Path:
    """What is tracked of this repository, later, under other permissions, with Python's caches lying about."""
    for name in run("git", "ls-files", "generator", "templates", "generated", "specs").splitlines() + TOP:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, folder / name)
        (folder / name).chmod(0o600)
        os.utime(folder / name, (1_000_000_000, 1_000_000_000))
    for package in ("generator", "generated/fal_typed"):
        (folder / package / "__pycache__").mkdir()
        (folder / package / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"")
    return folder


def build(project: Path, to: Path) -> None:
    epoch = next(line.split()[-1] for line in (REPOSITORY / "Makefile").read_text().splitlines() if "_EPOCH" in line)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", to, project]
    run(*command, cwd=project, SOURCE_DATE_EPOCH=epoch, PYTHONHASHSEED="7", TZ="Asia/Tokyo")


def test_another_build_gives_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    copy = elsewhere(tmp_path / "elsewhere")
    for project in (copy, copy / "generated"):
        build(project, tmp_path / "dist")
    names = sorted(path.name for path in dist.iterdir())
    assert len(names) == 4
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == names
    for name in names:
        digests = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in (dist, tmp_path / "dist")]
        assert digests[0] == digests[1], name


# --- on the day of publishing ----------------------------------------------------------------------------------------

REPOSITORY_URL = "https://example.org/ada/fal-typed"
SET = {
    'client = ""': 'client = "their-client"',
    'generator = ""': 'generator = "their-generator"',
    'repository = ""': f'repository = "{REPOSITORY_URL}"',
    "authors = []": 'authors = ["Ada Lovelace <ada@example.org>", "Byron"]',
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archives of a repository in which the settings are filled in, and nothing else."""
    root = elsewhere(tmp_path_factory.mktemp("published") / "repository")
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    for empty, value in SET.items():
        assert text.count(f"\n{empty}") == 1
        text = text.replace(f"\n{empty}", f"\n{value}")
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    run(sys.executable, "-m", "generator", "regenerate", cwd=root)
    for project in (root, root / "generated"):
        build(project, root / "dist")
    return root


@pytest.mark.parametrize("package", ["fal_typed", "fal_typed_generator"])
def test_the_metadata_is_complete(package: str, published: Path) -> None:
    (sdist,) = (published / "dist").glob(f"{package}-*.tar.gz")
    said = run(sys.executable, "-m", "pyroma", "--min=10", sdist)
    assert "Final rating: 10/10" in said, said


def metadata(archives: Path, package: str) -> str:
    (path,) = archives.glob(f"{package}-*.whl")
    with zipfile.ZipFile(path) as wheel:
        (name,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        return wheel.read(name).decode()


@pytest.mark.parametrize(("package", "tag"), [("fal_typed", "v"), ("fal_typed_generator", "generator-v")])
def test_addresses_and_authors_are_those_of_the_settings(package: str, tag: str, published: Path, dist: Path) -> None:
    text = metadata(published / "dist", package)
    for line in (
        f"Project-URL: Source, {REPOSITORY_URL}",
        f"Project-URL: Issues, {REPOSITORY_URL}/issues",
        "Author-email: Ada Lovelace <ada@example.org>",
        "Author: Byron",
    ):
        assert f"\n{line}\n" in text
    links = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)} - {""}
    assert not {link for link in links if "://" not in link}, "an index has no file of the repository's"
    here = {link for link in links if link.startswith(REPOSITORY_URL)}
    assert here
    assert all(re.match(rf"{REPOSITORY_URL}/(blob|raw)/{tag}\d", link) for link in here)
    unset = metadata(dist, package)
    assert "\nAuthor" not in unset
    assert "\nProject-URL" not in unset


def test_pages_name_where_the_client_comes_from(published: Path) -> None:
    text = (published / "generated" / "README.md").read_text(encoding="utf-8")
    assert "\npip install their-client\n" in text
    assert "`pip install 'their-client[webhooks]'`" in text
    run(sys.executable, "-m", "generator", "regenerate", "--check", "--locked", cwd=published)


# --- an index on loopback --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def index(packages: Path) -> Iterator[str]:
    """A package index over a folder, which asks nobody else; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "pypiserver", "run", "-i", "127.0.0.1", "-p", str(port), "--disable-fallback"]
    server = subprocess.Popen(
        [*command, "-P", ".", "-a", ".", str(packages)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[Any]) -> None:
    for _ in range(200):
        assert server.poll() is None, "the index did not start"
        with contextlib.suppress(OSError), urlopen(address) as answer:  # a loopback address
            answer.read()
            return
        time.sleep(0.1)
    raise AssertionError("the index does not answer")


CALL = """\
import asyncio, sys
from fal_typed import AsyncFal, Fal, Hosts, __version__

hosts = Hosts(run=sys.argv[1], queue=sys.argv[2])
with Fal(hosts=hosts) as fal:
    print(__version__, fal.flux_1.schnell.subscribe(prompt="a red panda").images[0].url)


async def again() -> None:
    async with AsyncFal(hosts=hosts) as fal:
        print((await fal.flux_1.schnell.run(prompt="a red panda")).seed)


asyncio.run(again())
"""


def test_from_the_archive_to_a_call(dist: Path, tmp_path: Path) -> None:
    packages, venv = tmp_path / "packages", tmp_path / "venv"
    packages.mkdir()
    # What the client needs comes from where this machine gets packages, and is then served beside it.
    needed = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
    ]
    run(*needed, "--dest", packages, *PROJECT["dependencies"])
    with index(packages) as address, FalServer() as fal:
        archives = [dist / WHEEL, dist / SDIST]
        twine = [sys.executable, "-m", "twine", "upload", "--non-interactive", "--repository-url", address]
        run(*twine, "--username", "a", "--password", "b", *archives)
        assert {WHEEL, SDIST} <= {path.name for path in packages.iterdir()}

        run(sys.executable, "-m", "venv", venv)
        pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--isolated"]
        where = ["--index-url", f"{address}/simple/", "--no-cache-dir", "--report", tmp_path / "report.json"]
        run(*pip, "install", "--quiet", *where, "fal-typed")
        report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
        sources = {one["metadata"]["name"].replace("_", "-"): one["download_info"]["url"] for one in report["install"]}
        assert sources["fal-typed"].endswith(WHEEL)
        assert all(url.startswith(address) for url in sources.values())
        run(*pip, "check")

        output = {
            "images": [
                {"url": "https://v3.fal.media/files/a.png", "content_type": "image/png", "width": 8, "height": 8}
            ],
            "timings": {},
            "seed": 7,
            "has_nsfw_concepts": [False],
            "prompt": "a red panda",
        }
        fal.plan("fal-ai/flux-1/schnell", output=output)
        called = run(
            venv / "bin" / "python", "-W", "error", "-c", CALL, fal.run_url, fal.queue_url, cwd=tmp_path, FAL_KEY="a:b"
        )
        assert called.splitlines() == [f"{VERSION} https://v3.fal.media/files/a.png", "7"]
        assert fal.seen[0].headers["user-agent"] == f"fal-typed/{VERSION}"
