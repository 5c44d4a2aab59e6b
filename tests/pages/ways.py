"""How each block of code on the pages is run: one way each, and a test that runs all of that way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .collect import Block, all_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

VENDORING, MAINTAINING, CONTRIBUTING = (f"generator/{name}.md" for name in ("VENDORING", "MAINTAINING", "CONTRIBUTING"))
FROM_FAL_CLIENT = "generated/FROM_FAL_CLIENT.md"
# What no test runs, by page and a word of it, and why. Keep it short.
EXCUSED: dict[tuple[str, str], str] = {}


def _of(language: str, *words: str, page: str = "") -> Callable[[Block], bool]:
    """The blocks of a language that have one of some words in them, on a page or on all."""

    def fits(block: Block) -> bool:
        here = block.page == page if page else block.page != FROM_FAL_CLIENT
        return here and block.language == language and (not words or any(word in block.code for word in words))

    return fits


_fal_client = _of("python", "import fal_client")
_proxy = _of("python", "FalProxy(")
_service, _receiver = _of("python", "WebhookVerifier("), _of("python", "from fal_calls import")
_vendored = _of("python", page=VENDORING)


def _fake_server(block: Block) -> bool:
    return "8400" in block.code


_NO_CALL = (_fal_client, _proxy, _service, _receiver, _vendored, _fake_server)
_files, _published = _of("toml", "[files]"), _of("toml", "[tool.fal-typed.published]")
_install = _of("bash", "pip install")


def _calls(block: Block) -> bool:
    return _of("python")(block) and not any(fits(block) for fits in _NO_CALL)


def _settings(block: Block) -> bool:
    return _of("toml")(block) and not _files(block) and not _published(block)


def _is_excused(block: Block) -> bool:
    return any(block.page == page and word in block.code for page, word in EXCUSED)


def _shell(block: Block) -> bool:
    is_vendoring = block.page == VENDORING
    return (
        _of("bash")(block)
        and not is_vendoring
        and not any(fits(block) for fits in (_install, _is_excused, _fake_server))
    )


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
    "fake server": _fake_server,
    "excused": _is_excused,
    "coming from fal-client": lambda block: block.page == FROM_FAL_CLIENT,
}


# Ways whose tests find the blocks themselves, by the name of the page.
BY_PAGE = {"coming from fal-client": "FROM_FAL_CLIENT.md"}


def ways_of(block: Block) -> list[str]:
    """How a block is run: one way, if all is well."""
    return [name for name, fits in WAYS.items() if fits(block)]


def blocks(way: str) -> list[Block]:
    """All blocks that are run in a way."""
    return [block for block in all_blocks() if WAYS[way](block)]
