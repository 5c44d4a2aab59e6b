"""Every block of code on every page is run by some test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .collect import REPOSITORY, Block, all_blocks, blocks_of, pages
from .printed import is_as_shown
from .ways import BY_PAGE, EXCUSED, WAYS, blocks, ways_of

if TYPE_CHECKING:
    from pathlib import Path

ALL = all_blocks()


@pytest.mark.parametrize("block", ALL, ids=[block.where for block in ALL])
def test_each_block_is_run_in_one_way(block: Block) -> None:
    assert len(ways_of(block)) == 1, f"{block.where}: nobody runs it, or two do: {ways_of(block)}; see ways.py"


def test_for_each_way_there_is_a_test() -> None:
    tests = [path.read_text(encoding="utf-8") for path in (REPOSITORY / "tests").glob("**/test_*.py")]
    for way in WAYS.keys() - {"excused"}:
        if blocks(way):
            word = BY_PAGE.get(way, f'("{way}"')
            assert any(word in text for text in tests), way


def test_nothing_is_excused_that_is_not_there() -> None:
    for page, word in EXCUSED:
        assert [block for block in blocks("excused") if block.page == page and word in block.code], (page, word)


def test_the_pages_are_found() -> None:
    names = {path.relative_to(REPOSITORY).as_posix() for path in pages()}
    assert names >= {"README.md", "generated/README.md"}
    assert names >= {f"generator/{name}.md" for name in ("VENDORING", "MAINTAINING", "CONTRIBUTING")}


def test_a_block_that_nobody_knows_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(
        "# A\n\n```ruby\nputs 1\n```\n\n- b\n\n  ```bash\n  ls\n  ```\n\n  ```text\n  out\n  ```\n\n    code\n"
    )
    one, two = blocks_of(page, tmp_path)
    assert (one.language, one.line, one.heading, ways_of(one)) == ("ruby", 4, "A", [])
    assert (two.code, two.shown) == ("ls\n", "out\n")


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n…\nb\n", "a\nx\ny\nb\n", True),
        ("a\n…\nb\n", "a\nb\n", True),
        ("a\n…\nb\n", "a\nx\nc\n", False),
        ("a   b\n", "a   b   \n", True),
        ("a\n", "a\nb\n", False),
    ],
)
def test_what_is_printed_is_compared(shown: str, printed: str, same: bool) -> None:
    assert is_as_shown(shown, printed) is same
