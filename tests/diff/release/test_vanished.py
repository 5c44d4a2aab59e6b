"""An endpoint that fal does not list any more: a deprecated stub for one release, and then it may go."""

from __future__ import annotations

import asyncio
import importlib
import json
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from support import Project, obj, ref, run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

Capture = pytest.CaptureFixture[str]
DAY = "2026-11-21"
LOCKED = '{"endpoints": {"fal-ai/a": {"url": "u", "sha256": "0", "changed": "2026-01-01", "vanished": %s}}}'
MESSAGE = f"fal has not listed fal-ai/a since {DAY}: calls may fail, and a later release removes it."


def vanish(project: Project, *ids: str, since: Any = DAY) -> None:
    """Write the lock as `fetch` does."""
    entry = {"url": "https://fal.example/", "sha256": "0" * 64, "changed": "2026-01-01"}
    table = {one: {**entry, "vanished": since} for one in ids} | {"fal-ai/b": entry}
    (project.specs / "lock.json").write_text(json.dumps({"endpoints": table}), encoding="utf-8")


@pytest.fixture
def stub(project: Project) -> Project:
    """fal-ai/a is gone; fal-ai/a/child and fal-ai/b are not."""
    project.add("fal-ai/a/child")
    vanish(project, "fal-ai/a")
    project.regenerate()
    return project


# --- what is emitted -------------------------------------------------------------------------------------------------


def test_every_verb_says_so_to_type_checkers(stub: Project) -> None:
    module = stub.module("endpoints/a/__init__.py")
    assert module.count(f'    @deprecated("{MESSAGE}")\n    ') == 6
    assert "from typing_extensions import Required, TypedDict, Unpack, deprecated" in module
    assert module.count(f"\n    Deprecated: {MESSAGE[:60]}") == 2


def test_no_other_endpoint_does(stub: Project) -> None:
    for module in ("endpoints/b.py", "endpoints/a/child.py"):
        assert "deprecated" not in stub.module(module).lower()
    said = " ".join(stub.module("endpoints/_root.py").lower().split())
    assert said.count("deprecated") == said.count("deprecated: fal has not listed fal-ai/a since") == 1


def test_the_readme_says_so_and_shows_another_endpoint(stub: Project) -> None:
    readme = stub.tree()["README.md"]
    assert "| `fal.a` (deprecated) |" in readme
    assert readme.count("(deprecated)") == 1
    assert "fal.a.subscribe" not in readme


@pytest.fixture
def package(stub: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The emitted package, under a name of its own, imported."""
    text = (stub.root / "pyproject.toml").read_text(encoding="utf-8")
    (stub.root / "pyproject.toml").write_text(f'{text}\npackage = "stub_typed"\n', encoding="utf-8")
    stub.regenerate()
    monkeypatch.syspath_prepend(str(stub.output))
    yield importlib.import_module("stub_typed")
    for name in [name for name in sys.modules if name.split(".")[0] == "stub_typed"]:
        del sys.modules[name]


@pytest.mark.parametrize("verb", ["run", "subscribe", "submit"])
def test_a_call_warns_where_it_stands(verb: str, package: ModuleType) -> None:
    fal = package.Fal(credentials="a:b")
    with (
        pytest.warns(DeprecationWarning, match="fal has not listed") as caught,
        pytest.raises(package.InvalidInputError),
    ):
        getattr(fal.a, verb)()  # the input is missing, so nothing is sent
    assert [(str(one.message), one.filename) for one in caught] == [(MESSAGE, __file__)]


async def _call(package: ModuleType, verb: str) -> None:
    await getattr(package.AsyncFal(credentials="a:b").a.with_options(timeout=1), verb)()


@pytest.mark.parametrize("verb", ["run", "subscribe", "submit"])
def test_an_awaited_call_warns_too(verb: str, package: ModuleType) -> None:
    with (
        pytest.warns(DeprecationWarning, match="fal has not listed") as caught,
        pytest.raises(package.InvalidInputError),
    ):
        asyncio.run(_call(package, verb))
    assert [str(one.message) for one in caught] == [MESSAGE]
    assert caught[0].filename == __file__


def test_the_way_to_others_and_to_results_does_not_warn(package: ModuleType) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fal = package.Fal(credentials="a:b")
        assert fal.a.child is not None
        assert fal.endpoints["fal-ai/a"].request("a-request").request_id == "a-request"
        with pytest.raises(package.InvalidInputError):
            fal.a.child.subscribe()


def test_importing_the_package_stays_lean(stub: Project) -> None:
    heavy = "('typing_extensions', 'pydantic', 'httpx')"
    code = f"import sys, fal_typed; fal_typed.Fal; print([m for m in sys.modules if m in {heavy}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=stub.output, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


USE = """\
from fal_typed import AsyncFal, Fal

fal = Fal()
fal.a.run(prompt="a")
fal.endpoints["fal-ai/a"].submit(prompt="a")
fal.a.child.run(prompt="a")


async def go() -> None:
    await AsyncFal().a.with_options(timeout=1).subscribe(prompt="a")
"""


@pytest.mark.slow
def test_type_checkers_point_at_each_call_and_accept_the_package(stub: Project) -> None:
    (stub.output / "use.py").write_text(USE, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "include": ["."], "pythonVersion": "3.11"}
    (stub.output / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=stub.output, capture_output=True, text=True, check=False
        )
        return done.stdout

    found = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable))["generalDiagnostics"]
    places = [(one["file"].rpartition("/")[2], one["range"]["start"]["line"] + 1, one["rule"]) for one in found]
    assert places == [("use.py", line, "reportDeprecated") for line in (4, 5, 10)]
    assert all(MESSAGE in one["message"] for one in found)

    out = run("mypy", "--strict", "--enable-error-code", "deprecated", "fal_typed", "use.py")
    assert [line.split(":")[:2] for line in out.splitlines() if "[deprecated]" in line] == [
        ["use.py", line] for line in ("4", "5", "10")
    ]
    assert "Found 3 errors in 1 file" in out


# --- how it is released ----------------------------------------------------------------------------------------------


def test_from_deprecation_to_removal(project: Project, capsys: Capture) -> None:
    def release() -> tuple[str, str]:
        done = run_cli(project, capsys, "release", "--date", DAY)
        assert done.code == 0
        return done.out, done.err

    release()
    vanish(project, "fal-ai/a")
    out, err = release()
    assert out == (
        "0.1.0 → 0.2.0 (minor)\n\n"
        f"New and changed\n  fal-ai/a: The endpoint is deprecated: fal has not listed it since {DAY}, "
        "and a later release removes it.\n"
    )
    assert "may be removed" not in err

    out, err = release()
    assert out == ""
    assert err == (
        "fal-ai/a: deprecated in a release already; it may be removed (a major change)\n"
        "nothing changed since 0.2.0: nothing to release\n"
    )

    project.path("fal-ai/a").unlink()
    vanish(project)
    out, err = release()
    assert out == (
        "0.2.0 → 0.3.0 (major)\n\n"
        f"Breaking\n  fal-ai/a: The endpoint is removed: `fal.a` is gone (fal has not listed it since {DAY}).\n"
    )
    assert "may be removed" not in err


def test_an_endpoint_that_comes_back(project: Project, capsys: Capture) -> None:
    vanish(project, "fal-ai/a")
    run_cli(project, capsys, "release", "--date", DAY)
    vanish(project)
    assert run_cli(project, capsys, "diff").out == (
        "New and changed\n  fal-ai/a: The endpoint is not deprecated any more: fal lists it again.\n\n"
        "package: minor (1 endpoint unchanged)\n"
    )


def test_a_later_date_alone_is_no_change(project: Project, capsys: Capture) -> None:
    vanish(project, "fal-ai/a")
    run_cli(project, capsys, "release", "--date", DAY)
    vanish(project, "fal-ai/a", since="2026-12-24")
    assert run_cli(project, capsys, "diff").out == "package: none (2 endpoints unchanged)\n"


def test_what_a_vanished_endpoint_shares_stays(project: Project, capsys: Capture) -> None:
    image = obj({"url": {"type": "string"}}, required=["url"])
    project.add("fal-ai/a", output=obj({"image": ref("Image")}), components={"Image": image})
    run_cli(project, capsys, "release", "--date", DAY)
    vanish(project, "fal-ai/a")
    found = json.loads(run_cli(project, capsys, "diff", "--json").out)
    assert found["types"] == {"verdict": "none", "changes": []}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "the file must be an object"),
        ('{"endpoints": []}', "endpoints must be an object"),
        (LOCKED % "true", "fal-ai/a: vanished must be a date"),
        (LOCKED % '"soon"', "fal-ai/a: vanished must be a date"),
    ],
)
def test_a_damaged_lock(text: str, message: str, project: Project, capsys: Capture) -> None:
    (project.specs / "lock.json").write_text(text, encoding="utf-8")
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error: specs/lock.json: not a lock: {message}")
    assert not project.output.exists()
