"""Wheels and sdists of both packages do what people install them for, in empty environments without our repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from catalog_server import CatalogServer
from fal_server import FalServer
from packaging.requirements import Requirement
from support import REPOSITORY, SPECS

from generator.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
UV = str(Path(sys.executable).parent / "uv")
SCHNELL = "fal-ai/flux-1/schnell"
OUTPUT = {
    "images": [{"url": "https://v3.fal.media/files/a.png", "content_type": "image/png", "width": 8, "height": 8}],
    "timings": {},
    "seed": 7,
    "has_nsfw_concepts": [False],
    "prompt": "a red panda",
}
CALL = """\
import asyncio
from {package} import AsyncFal, Fal

with Fal() as fal:
    print(fal.flux_1.schnell.subscribe(prompt="a red panda").images[0].url)


async def again() -> None:
    async with AsyncFal() as fal:
        print((await fal.flux_1.schnell.run(prompt="a red panda")).seed)


asyncio.run(again())
"""
CALLED = "https://v3.fal.media/files/a.png\n7\n"
# What a vendored client needs, as generator/VENDORING.md says.
NEEDED = ["httpx", "httpx-sse", "pydantic", "sniffio", "typing_extensions"]


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """A program that must succeed, which knows nothing of this repository; what it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FAL_", "VIRTUAL_"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def installed(folder: Path, *what: str | Path) -> Path:
    """The programs of a new environment that has this, and what it asks for."""
    run(UV, "venv", "--quiet", "--python", sys.executable, folder, cwd=folder.parent)
    bin_folder = folder / ("Scripts" if os.name == "nt" else "bin")
    run(UV, "pip", "install", "--quiet", "--python", bin_folder / "python", *what, cwd=folder.parent)
    return bin_folder


def archive(dist: Path, package: str, kind: str) -> Path:
    """The one archive of a package."""
    (found,) = dist.glob(f"{package}-*.{kind}")
    return found


@pytest.fixture
def fal_of_documents() -> Iterator[CatalogServer]:
    with CatalogServer() as catalog:
        catalog.add(SCHNELL, json.loads((SPECS / f"{SCHNELL}.json").read_bytes()))
        yield catalog


@pytest.fixture
def fal() -> Iterator[FalServer]:
    with FalServer() as server:
        server.plan(SCHNELL, output=OUTPUT)
        yield server


def hosts(fal: FalServer) -> dict[str, str]:
    return {"FAL_KEY": "a:b", "FAL_RUN_HOST": fal.run_url, "FAL_QUEUE_RUN_HOST": fal.queue_url}


@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_the_client(kind: str, dist: Path, tmp_path: Path, fal: FalServer) -> None:
    programs = installed(tmp_path / "venv", archive(dist, "fal_typed", kind))
    (tmp_path / "call.py").write_text(CALL.format(package="fal_typed"), encoding="utf-8")
    assert run(programs / "python", "-W", "error", "call.py", cwd=tmp_path, **hosts(fal)) == CALLED


TESTED = """\
from fal_typed import Fal
from fal_typed._runtime.schemas import schemas_of
from fal_typed.testing import FakeFal


def describe(client: Fal) -> str:
    return client.flux_1.schnell.subscribe(prompt="a red panda").images[0].url


def test_with_the_fixtures(fal: Fal, fake_fal: FakeFal) -> None:
    fake_fal.flux_1.schnell.returns(images=[{"url": "https://v3.fal.media/files/a.png"}])
    assert describe(fal) == "https://v3.fal.media/files/a.png"
    fake_fal.flux_1.schnell.assert_called_once_with(prompt="a red panda")


def test_every_endpoint_has_its_schemas() -> None:
    from fal_typed._registry import ENDPOINTS

    assert all(schemas_of("fal_typed", one) for one in ENDPOINTS)
"""


@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_the_clients_fake(kind: str, dist: Path, tmp_path: Path) -> None:
    """With no key and no server: pytest finds the fixtures, and they the schemas."""
    programs = installed(tmp_path / "venv", archive(dist, "fal_typed", kind), "pytest")
    (tmp_path / "test_ours.py").write_text(TESTED, encoding="utf-8")
    said = run(programs / "python", "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "2 passed" in said
    assert "--port" in run(programs / "python", "-m", "fal_typed.testing", "--help", cwd=tmp_path)


@pytest.mark.parametrize("kind", ["whl", "tar.gz"])
def test_the_generator(kind: str, dist: Path, tmp_path: Path, fal: FalServer, fal_of_documents: CatalogServer) -> None:
    """The one line of the page for teams that vendor, in a new folder; then their CI, and their program."""
    programs = installed(tmp_path / "venv", archive(dist, "fal_typed_generator", kind))
    shop = tmp_path / "shop"
    shop.mkdir()
    line = f"fal-typed-generator add {SCHNELL} && fal-typed-generator regenerate"
    environment = {**fal_of_documents.environment(), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    said = run("bash", "-euc", line, cwd=shop, **environment)
    assert "`regenerate` makes shop_fal/, to import as shop_fal\n" in said
    said = run("bash", "-euc", "fal-typed-generator regenerate --check --locked", cwd=shop, **environment)
    assert said.splitlines()[0].endswith(": 1 endpoint, as it should be"), said
    assert said.count("\n") == 1
    assert made(shop) == made_here(tmp_path / "here" / "shop", fal_of_documents)
    said = run("bash", "-euc", "fal-typed-generator site && fal-typed-generator site --check", cwd=shop, **environment)
    assert said.splitlines()[-1] == "build/site: 1 endpoint, as it should be"
    site = {path: data for path, data in made(shop).items() if path.startswith("build/")}
    assert site.items() <= made_here(tmp_path / "site" / "shop", fal_of_documents, "site").items()
    assert {"build/site/index.html", "build/site/assets/style.css", "build/site/llms.txt"} <= site.keys()
    programs = installed(tmp_path / "theirs", *NEEDED)
    (shop / "call.py").write_text(CALL.format(package="shop_fal"), encoding="utf-8")
    assert run(programs / "python", "-W", "error", "call.py", cwd=shop, **hosts(fal)) == CALLED


def made(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.parts[len(project.parts)] != ".fal-typed-cache"
    }


def made_here(project: Path, catalog: CatalogServer, *then: str) -> dict[str, bytes]:
    """What `python -m generator` of the checkout makes."""
    project.mkdir(parents=True)
    for command in (["add", SCHNELL], ["regenerate"], *([one] for one in then)):
        here = [sys.executable, "-m", "generator", "--project", project, *command]
        run(*here, cwd=REPOSITORY, **catalog.environment())
    return made(project)


def test_a_tool_runner(dist: Path, tmp_path: Path, fal_of_documents: CatalogServer) -> None:
    """Without installing anything: `uvx` of the wheel."""
    tool = [UV, "tool", "run", "--quiet", "--from", archive(dist, "fal_typed_generator", "whl"), "fal-typed-generator"]
    assert run(*tool, "--version", cwd=tmp_path) == f"fal-typed-generator {VERSION}\n"
    run(*tool, "add", SCHNELL, cwd=tmp_path, **fal_of_documents.environment())
    assert "1 endpoint, " in run(*tool, "regenerate", cwd=tmp_path)


def test_the_generator_installs_what_it_needs_and_no_more(dist: Path, tmp_path: Path) -> None:
    programs = installed(tmp_path / "venv", archive(dist, "fal_typed_generator", "whl"))
    listed = json.loads(
        run(UV, "pip", "list", "--quiet", "--format", "json", "--python", programs / "python", cwd=tmp_path)
    )
    names = {one["name"] for one in listed}
    assert {"datamodel-code-generator", "jinja2", "ruff", "typer"} <= names
    assert not names & {"pytest", "mypy", "pyright", "fal-client", "twine", "hypothesis", "fal-typed", "hatchling"}
    packages = Path(
        run(programs / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    assert {path.name for path in packages.glob("*fal*")} == {
        "fal_typed_generator",
        f"fal_typed_generator-{VERSION}.dist-info",
    }
    assert not (packages / "generator").exists()
    assert not (packages / "templates").exists()


def test_the_wheel_of_the_generator_holds_what_is_tracked(dist: Path) -> None:
    tracked = run("git", "ls-files", "generator", "templates", cwd=REPOSITORY).splitlines()
    package = {
        path.replace("generator/", "fal_typed_generator/", 1) if path.startswith("g") else f"fal_typed_generator/{path}"
        for path in tracked
        if not path.endswith((".md", "hatch_build.py"))
    }
    with zipfile.ZipFile(archive(dist, "fal_typed_generator", "whl")) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        (about,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
        metadata = wheel.read(about).decode()
    assert held == package
    needed = {
        Requirement(line.removeprefix("Requires-Dist: ")).name
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    names = "datamodel-code-generator httpx jinja2 pydantic rich ruff tomlkit typer typing-extensions"
    assert needed == {*names.split(), "markdown-it-py", "markupsafe", "pygments"}
    with tarfile.open(archive(dist, "fal_typed_generator", "tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert set(tracked) | {"README.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore"} == names
