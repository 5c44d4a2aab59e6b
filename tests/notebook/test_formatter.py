"""What IPython and rich make of outputs, files, handles and streams of the package."""

from __future__ import annotations

import importlib
import io
import sys
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.lib.pretty import pretty
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_typed import Fal
    from fal_typed.testing import FakeFal

DATA = "data:image/png;base64," + "A" * 3_000_000


@pytest.fixture
def formatter() -> DisplayFormatter:
    return DisplayFormatter()


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    from fal_typed.testing import fake_fal

    with fake_fal() as on:
        yield on


@pytest.fixture
def fal(fake: FakeFal) -> Iterator[Fal]:
    from fal_typed import Fal

    with Fal() as client:
        yield client


def test_everything_that_calls_give_is_shown(fal: Fal, fake: FakeFal, formatter: DisplayFormatter) -> None:
    out = fal.flux_1.schnell.subscribe(prompt="a red panda")
    handle = fal.flux_1.schnell.submit(prompt="a red panda")
    fake.endpoint("me/stream").streams([{"a": 1}])
    free = fal.endpoint("me/stream").subscribe({})
    for value in (out, out.images, out.images[0], handle, free, fal.endpoint("me/stream").stream({}), handle.status()):
        data, _ = formatter.format(value)
        assert data.keys() == {"text/plain", "text/html"}, value
        assert data["text/plain"] == repr(value)
    for value in (out, out.images, out.images[0]):
        assert f'<img src="{out.images[0].url}"' in formatter.format(value)[0]["text/html"]
        assert formatter.format(value, include={"text/plain"})[0].keys() == {"text/plain"}
        assert formatter.format(value, exclude={"text/plain"})[0].keys() == {"text/html"}


def test_a_terminal_gets_a_few_lines(fal: Fal, fake: FakeFal) -> None:
    fake.flux_1.schnell.returns(images=[{"url": DATA}] * 4, prompt="p" * 100_000)
    out = fal.flux_1.schnell.subscribe(prompt="x")
    to = io.StringIO()
    Console(file=to, width=100).print(out, out.images)
    for shown in (pretty(out), pretty(out.images), to.getvalue()):
        assert len(shown) < 5_000
        assert f"{DATA[:40]}' … 2.2 MB" in shown


def test_every_output_of_the_package_is_shown(fal: Fal, formatter: DisplayFormatter) -> None:
    """Of each endpoint; those whose document has files show them."""
    for endpoint_id in fal.endpoints:
        endpoint: Any = fal.endpoints[endpoint_id]
        call = sys.modules[type(endpoint).__module__]
        kind = getattr(call, f"{type(endpoint).__name__}Input")
        given = dict.fromkeys(kind.__required_keys__, "https://v3.fal.media/files/a.png")
        html = formatter.format(endpoint.subscribe(**given))[0]["text/html"]
        assert html.startswith('<div class="fal-typed ')
        assert "<img " in html


def test_calling_imports_nothing_that_shows() -> None:
    """What makes HTML and short lines costs whoever only calls nothing."""
    import subprocess

    program = (
        "import sys; from fal_typed.testing import fake_fal; from fal_typed import Fal\n"
        "with fake_fal(): Fal().flux_1.schnell.subscribe(prompt='x')\n"
        "assert {one.rpartition('.')[2] for one in sys.modules if '.display.' in one} == {'shown', 'told'}"
    )
    package = importlib.import_module("fal_typed").__path__[0]
    ran = subprocess.run([sys.executable, "-c", program], cwd=f"{package}/..", capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
