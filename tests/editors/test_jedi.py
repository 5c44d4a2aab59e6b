"""What jedi offers of the client: in notebooks, and in editors that have no language server."""

from __future__ import annotations

from pathlib import Path

import pytest

jedi = pytest.importorskip("jedi")
pytestmark = [pytest.mark.slow, pytest.mark.pinned, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
PACKAGES = Path(__file__).resolve().parents[2] / "generated"
START = "from fal_typed import AsyncFal, Fal\n\nfal = Fal()\nasync_fal = AsyncFal()\n"


def offered(end: str) -> list[str]:
    project = jedi.Project(PACKAGES, sys_path=[str(PACKAGES)], smart_sys_path=False)
    names = [one.name for one in jedi.Script(START + end, project=project).complete()]
    return [name for name in names if not name.startswith("__")]


@pytest.mark.parametrize("client", ["fal", "async_fal"])
def test_endpoints_are_offered_and_nothing_private(client: str) -> None:
    names = offered(f"{client}.")
    assert {"flux_1", "recraft", "endpoints", "storage"} <= {*names}
    assert not [name for name in names if name.startswith("_")]
    assert offered(f"{client}.imagen4.preview.") == sorted(
        ["fast", "input_schema", "map", "output_schema", "request", "run", "submit", "subscribe", "with_options"]
    )


@pytest.mark.parametrize(("opened", "kind"), [("with Fal() as", "Fal"), ("async with AsyncFal() as", "AsyncFal")])
def test_a_client_is_the_same_in_its_block(opened: str, kind: str) -> None:
    assert offered(f"async def main():\n    {opened} it:\n        it.") == offered(f"{kind}().")


@pytest.mark.parametrize("client", ["fal", "async_fal"])
def test_an_endpoint_with_options_is_the_same(client: str) -> None:
    path = f"{client}.flux_1.schnell"
    assert offered(f"{path}.with_options(timeout=3).") == offered(f"{path}.")
    assert {"logs=", "on_queue_update="} <= {*offered(f"{path}.with_options(timeout=3).subscribe(")}
