"""The notebook shows what stands in its file; a browser shows its pictures, and runs nothing that strangers wrote."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._runtime.testing.media.make import make_file
from fal_typed._runtime.testing.media.wish import wish_of
from PIL import Image, ImageChops, ImageStat

from .browser import NAMES, WIDTH, look
from .run import as_page, executed, shown, stored

if TYPE_CHECKING:
    from .browser import Seen

pytestmark = pytest.mark.slow
MAKEFILE = Path(__file__).parents[2] / "Makefile"


def test_it_shows_what_its_file_says(tmp_path: Path) -> None:
    """Where that changed by intent: `python tests/notebook/run.py`, and read the difference."""
    assert shown(executed(tmp_path)) == shown(stored())


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    return look(as_page(stored()), tmp_path_factory.mktemp("seen"))


def test_a_browser_shows_every_picture(seen: Seen) -> None:
    """Each is where it should be, and has its own colours there: the fake's squares."""
    assert len(seen.images) == 8
    page = Image.open(seen.screenshot).convert("RGB")
    for one, picture in zip(seen.images, _pictures(), strict=False):
        assert one["width"] == 320
        x, y, width, height = map(round, one["box"])
        assert (width, height) == (320, 200)
        assert _difference(page.crop((x, y, x + width, y + height)), picture) < 4, one
    assert seen.width == WIDTH, "something stands out of the page"


def test_a_browser_has_players_for_films_and_sounds(seen: Seen) -> None:
    assert [one["src"].rpartition("/")[2] for one in seen.players] == ["film.mp4", "song.wav"]
    assert all(one["box"][2] >= 200 for one in seen.players)
    assert seen.players[1]["ready"] >= 1  # not every Chromium has the film's codec


def test_nothing_of_a_stranger_runs(seen: Seen) -> None:
    svg = seen.images[7]
    assert (svg["src"][:18], svg["width"]) == ("data:image/svg+xml", 120)
    assert seen.ran is None


def test_a_browser_would_tell_if_something_ran(tmp_path: Path) -> None:
    found = look("<img src=x onerror='window.ran = 1'><script>window.ran = 2</script>", tmp_path)
    assert found.ran in (1, 2)


def test_what_installs_a_browser_looks_for_the_same_ones() -> None:
    assert f"for name in {' '.join(NAMES)};" in MAKEFILE.read_text(encoding="utf-8")


def _pictures() -> list[Image.Image]:
    """The pictures in the notebook, as they were made; without the last, which is none of the fake's."""
    found: list[bytes] = []
    texts = [one["data"].get("text/html", "") for cell in shown(stored()) for one in cell if "data" in one]
    for source in (part.partition('"')[0] for text in texts for part in text.split('<img src="')[1:]):
        if source.startswith("data:image/png;base64,"):
            found.append(base64.b64decode(source.partition(",")[2]))
        elif (wish := wish_of(source.removeprefix("https://v3.fal.media"))) is not None:
            found.append(make_file(wish)[0])
    assert len(found) == 7
    return [Image.open(io.BytesIO(content)).convert("RGB") for content in found]


def _difference(one: Image.Image, other: Any) -> float:
    """How far two pictures are apart, 0 to 255; their edges, which may be round, are not looked at."""
    box = (8, 8, one.width - 8, one.height - 8)
    return max(ImageStat.Stat(ImageChops.difference(one, other).crop(box)).mean)
