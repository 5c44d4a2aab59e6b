"""What a client of hundreds of endpoints costs somebody who uses one: import, first call, memory, type checking."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from corpus.folder import CORPUS, DOCUMENTS, IS_HERE

if TYPE_CHECKING:
    from recorder import Recorder

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 15

pytestmark = pytest.mark.bench

# pydantic loads most of itself when a model is made, httpx when a client is; the client reads the certificates.
FIRST_USE = """
import time, httpx, pydantic
pydantic.TypeAdapter(list[pydantic.create_model("Any", number=(int, pydantic.Field(ge=1)))])
client = httpx.Client()
import fal_typed
start = time.perf_counter()
hosts = fal_typed.Hosts(run="http://127.0.0.1:9")
endpoint = fal_typed.Fal("id:secret", max_retries=0, hosts=hosts, http_client=client).flux_1.schnell
try:
    endpoint.run(prompt="a cat", num_images=1)
except fal_typed.APIConnectionError:
    pass
print(time.perf_counter() - start)
"""
VALIDATION = """
import timeit, fal_typed
from fal_typed.endpoints.flux_1.schnell import SPEC
from fal_typed._runtime.inputs.validate import check_input
given = {"prompt": "a cat", "image_size": {"width": 512, "height": 512}, "num_inference_steps": 4, "seed": 1}
check_input(SPEC, given)
print(min(timeit.repeat(lambda: check_input(SPEC, given), number=2000, repeat=5)) / 2000)
"""
MEMORY = """
import json, os, sys
import httpx, pydantic, fal_typed
fal = fal_typed.Fal("id:secret")
ids = json.loads(sys.argv[1])
resident = lambda: int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = resident()
for one in ids:
    try:
        fal.endpoints[one].run(no_such_input=1)
    except fal_typed.FalError:
        pass
print((resident() - before) / 2**20 / len(ids))
"""
SCRIPT = "from fal_typed import Fal\n\nout = Fal().flux_1.schnell.subscribe(prompt='a cat')\nprint(out.images[0].url)\n"
BASE = "import httpx\nimport pydantic\n\nprint(httpx.get('x').text, pydantic.BaseModel())\n"
# Of what is measured: the unit, and what it is.
COSTS = {
    "import": ("ms", "Beyond a bare interpreter."),
    "first call": ("ms", "Its own work, httpx and pydantic being loaded."),
    "check": ("µs", "Of an input of four fields."),
    "memory": ("MB", "For each endpoint that is used."),
    "pyright": ("s", "Of a script with one call, beyond one of httpx and pydantic alone."),
    "mypy": ("s", "The same, without a cache."),
    "mypy, warm": ("s", "Whole, with a cache."),
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The client of the pinned endpoints; of all real documents; of all known ids, with stand-in types."""
    made = {13: ROOT / "generated"}
    if not IS_HERE:
        return made
    documents = {path.stem.replace("__", "/"): path for path in DOCUMENTS.glob("*.json")}
    made[len(documents)] = generate(
        tmp_path_factory.mktemp("all"), {k: p.read_text("utf-8") for k, p in documents.items()}
    )
    ids = json.loads((CORPUS / "endpoint_ids.json").read_text("utf-8"))
    stand_in = (ROOT / "specs/fal-ai/flux-1/schnell.json").read_text("utf-8")
    texts = {one: stand_in.replace("fal-ai/flux-1/schnell", one) for one in ids}
    made[len(ids)] = generate(tmp_path_factory.mktemp("ids"), texts)
    return made


def generate(root: Path, texts: dict[str, str]) -> Path:
    (root / "pyproject.toml").write_text("[tool.fal-typed]\n", encoding="utf-8")
    for endpoint_id, text in texts.items():
        path = root / "specs" / f"{endpoint_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "generator", "--project", str(root), "regenerate"]
    subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    return root / "generated"


def python(code: str, package: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and stays so
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def best(code: str, package: Path) -> float:
    return min(float(python(code, package)) for _ in range(5))


def import_times(packages: dict[int, Path]) -> dict[int, float]:
    """Milliseconds beyond a bare interpreter, in turns."""
    found: dict[int, float] = dict.fromkeys([0, *packages], 9e9)
    for _ in range(ROUNDS):
        for count in found:
            start = time.perf_counter()
            python("import fal_typed; fal_typed.Fal" if count else "pass", packages.get(count, ROOT))
            found[count] = min(found[count], time.perf_counter() - start)
    return {count: (found[count] - found[0]) * 1000 for count in packages}


def check_time(tool: str, script: str, package: Path, folder: Path, *, warm: bool = False) -> float:
    """Seconds of a type checker over one script, without a cache, or with the one that the run before left."""
    if not warm:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
    (folder / "script.py").write_text(script, encoding="utf-8")
    settings = {"extraPaths": [str(package)], "typeCheckingMode": "strict", "include": ["script.py"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    bin_ = Path(sys.executable).parent
    commands = {
        "pyright": [str(bin_ / "pyright"), "--pythonpath", sys.executable, "-p", "."],
        "mypy": [str(bin_ / "mypy"), "--strict", "--cache-dir", str(folder / "cache"), "script.py"],
    }
    environment = {**os.environ, "MYPYPATH": str(package)}
    start = time.perf_counter()
    subprocess.run(commands[tool], cwd=folder, env=environment, check=False, capture_output=True)
    return time.perf_counter() - start


def costs(count: int, package: Path, base: dict[str, float], folder: Path) -> dict[str, float]:
    """What each of `COSTS` is, in its unit; but for the import."""
    listed = python("import json, fal_typed._registry as r; print(json.dumps(sorted(r.ENDPOINTS)))", package)
    used = json.loads(listed)[:: max(1, count // 20)]
    times = {tool: min(check_time(tool, SCRIPT, package, folder) for _ in range(3)) - base[tool] for tool in base}
    return {
        "first call": best(FIRST_USE, package) * 1000,
        "check": best(VALIDATION, package) * 1e6,
        "memory": float(python(MEMORY, package, json.dumps(used))),
        **times,
        "mypy, warm": min(check_time("mypy", SCRIPT, package, folder, warm=True) for _ in range(3)),
    }


def line(count: int, found: dict[str, float]) -> str:
    return (
        f"{count:>9} {found['import']:>6.1f} ms {found['first call']:>8.1f} ms"
        f" {found['check']:>5.1f} µs {found['memory']:>5.2f} MB"
        f" {found['pyright']:>+7.2f} s {found['mypy']:>+8.2f} s {found['mypy, warm']:>8.2f} s"
    )


def test_user_cost(
    packages: dict[int, Path], recorder: Recorder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imports = import_times(packages)
    folder = tmp_path / "script"
    base = {
        tool: min(check_time(tool, BASE, ROOT / "generated", folder) for _ in range(3)) for tool in ("pyright", "mypy")
    }
    heading = "endpoints    import  first call    check   memory   pyright  mypy cold      warm\n"
    found = {
        count: {"import": imports[count], **costs(count, package, base, folder)} for count, package in packages.items()
    }
    for name, (unit, note) in COSTS.items():
        recorder.figure(
            f"What many endpoints cost who uses one: {name}",
            topic="Many endpoints",
            unit=unit,
            # What a machine that is busy says of nothing may be less than nothing.
            values={f"fal-typed, {count:,} endpoints": [max(one[name], 0)] for count, one in found.items()},
            note=note,
        )
    rows = [line(count, one) for count, one in found.items()]
    notes = (
        "first call is its own work, httpx and pydantic being loaded; memory is for each endpoint used;\n"
        "pyright and mypy are beyond a script of httpx and pydantic alone; mypy's warm time is whole\n"
        "goals: import flat within 20 %, first call 40 ms, check 20 µs, memory 3 MB, pyright +1 s\n"
    )
    with capsys.disabled():
        sys.stdout.write("\n" + heading + "\n".join(rows) + "\n" + notes)
