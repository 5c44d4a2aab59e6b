"""How each block of code on the pages is run: one way each, and a test that runs all of that way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .collect import Block, all_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

VENDORING, MAINTAINING, CONTRIBUTING = (f"generator/{name}.md" for name in ("VENDORING", "MAINTAINING", "CONTRIBUTING"))
FROM_FAL_CLIENT = "generated/FROM_FAL_CLIENT.md"
TESTING = "generated/TESTING.md"
BATCH = "generated/BATCH.md"
# A command of the package: it begins a line, or is what a variable of the shell gets.
_COMMAND = re.compile(r"^(id=\$\()?fal-typed ", re.MULTILINE)
# What no test runs, by page and a word of it, and why. Keep it short.
EXCUSED: dict[tuple[str, str], str] = {}


def _of(language: str, *words: str, page: str = "") -> Callable[[Block], bool]:
    """The blocks of a language that have one of some words in them, on a page or on all."""

    def fits(block: Block) -> bool:
        here = block.page == page if page else block.page not in (FROM_FAL_CLIENT, TESTING, BATCH)
        return here and block.language == language and (not words or any(word in block.code for word in words))

    return fits


_fal_client = _of("python", "import fal_client")
_proxy = _of("python", "FalProxy(")
_service, _receiver = _of("python", "WebhookVerifier("), _of("python", "from fal_calls import")
_vendored = _of("python", page=VENDORING)
_seen, _cell = _of("python", "with_options(progress=True)"), _of("python", "\nout  # as the last line of a cell")
_told, _logged = _of("python", ".__doc__"), _of("python", "logging.basicConfig")
_served = _of("python", "127.0.0.1:8400", page=TESTING)
_engines = _of("python", "# panda_", page=BATCH)
_files_of_tests = _of("python", "# test_", "# pictures.py", page=TESTING)


def _fake(block: Block) -> bool:
    in_files = _served(block) or _files_of_tests(block)
    return (_of("python", page=TESTING)(block) and not in_files) or _of("python", "import fake_fal")(block)


_NO_CALL = (
    _fal_client,
    _proxy,
    _service,
    _receiver,
    _vendored,
    _of("python", page=TESTING),
    _told,
    _logged,
    _seen,
    _cell,
    _fake,
)
_files, _published = _of("toml", "[files]"), _of("toml", "[tool.fal-typed.published]")
_install = _of("bash", "pip install")


def _calls(block: Block) -> bool:
    return _of("python")(block) and not any(fits(block) for fits in _NO_CALL)


def _settings(block: Block) -> bool:
    return _of("toml")(block) and not _files(block) and not _published(block)


def _is_excused(block: Block) -> bool:
    return any(block.page == page and word in block.code for page, word in EXCUSED)


def _commanded(block: Block) -> bool:
    return _of("bash")(block) and bool(_COMMAND.search(block.code))


def _shell(block: Block) -> bool:
    is_elsewhere = block.page == VENDORING or _install(block) or _commanded(block) or _is_excused(block)
    return _of("bash")(block) and not is_elsewhere


WAYS: dict[str, Callable[[Block], bool]] = {
    "call": _calls,
    "fal-client": _fal_client,
    "proxy": _proxy,
    "webhook service": _service,
    "webhook receiver": _receiver,
    "vendored call": _vendored,
    "vendoring": lambda block: _of("bash", page=VENDORING)(block) and not _install(block),
    "settings": _settings,
    "published": _published,
    "file inputs": _files,
    "install": _install,
    "pre-commit": _of("yaml", "repos:"),
    "workflow": _of("yaml", "jobs:"),
    "checkout": _shell,
    "command line": _commanded,
    "told": _told,
    "logged": _logged,
    "seen on a terminal": _seen,
    "cell": _cell,
    "excused": _is_excused,
    "fake": _fake,
    "files of tests": _files_of_tests,
    "fake server": lambda block: (
        _served(block) or (block.page == TESTING and block.language in ("sh", "js", "console"))
    ),
    "batch": lambda block: _of("python", page=BATCH)(block) and not _engines(block),
    "engines": _engines,
    "drawing": _of("mermaid", page=BATCH),
    "coming from fal-client": lambda block: block.page == FROM_FAL_CLIENT,
}


# Ways whose tests find the blocks themselves, by the name of the page.
BY_PAGE = {"coming from fal-client": "FROM_FAL_CLIENT.md", "engines": "BATCH.md"}


def ways_of(block: Block) -> list[str]:
    """How a block is run: one way, if all is well."""
    return [name for name, fits in WAYS.items() if fits(block)]


def blocks(way: str) -> list[Block]:
    """All blocks that are run in a way."""
    return [block for block in all_blocks() if WAYS[way](block)]
