"""What depends on settings: the parts of pages between `<!-- block: … -->` and `<!-- end -->`."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.project.settings import Published

_MARKED = re.compile(r"^(<!-- block: ([a-z-]+) -->\n).*?^(<!-- end -->\n)", re.DOTALL | re.MULTILINE)
GENERATOR_WHEEL = "dist/fal_typed_generator-{version}-py3-none-any.whl"


def settled(page: str, published: Published, version: str) -> str:
    """A page with its blocks filled.

    Args:
        page: The text of the page.
        published: Where the packages are to be had.
        version: The version of the generator.

    Raises:
        KeyError: A block has a name that nobody writes.
    """

    def filled(found: re.Match[str]) -> str:
        text = _WRITERS[found[2]](published, version)
        return f"{found[1]}{text}{found[3]}" if not text else f"{found[1]}\n{text}\n{found[3]}"

    return _MARKED.sub(filled, page)


def _install(published: Published, version: str) -> str:
    if published.client:
        lines = [(f"pip install {shlex.quote(published.client)}", "")]
    else:
        lines = [("pip install ./generated", "in a checkout of this repository; `make dist` makes a wheel of it")]
    return _bash([*lines, ("export FAL_KEY=…", "your key in place of …, from https://fal.ai/dashboard/keys")])


def _generator(published: Published, version: str) -> str:
    if published.generator:
        name = shlex.quote(published.generator)
        without = f"`uvx --from {name} fal-typed-generator …` runs it without installing it.\n"
        return f"{_bash([(f'pip install {name}', '')])}\n{without}"
    wheel = GENERATOR_WHEEL.format(version=version)
    before = "In a checkout of this repository, make a wheel of it. It can be installed anywhere:\n"
    without = f"`uvx --from {wheel} fal-typed-generator …` runs it without installing it.\n"
    return f"{before}\n{_bash([('make dist', ''), (f'pip install {wheel}', '')])}\n{without}"


def _repository(published: Published, version: str) -> str:
    if not published.repository:
        return ""
    return f"Source, changes, and where to tell of faults: <{published.repository}>\n"


_CI = """\
### With pre-commit

In `.pre-commit-config.yaml`:

```yaml
repos:
  - repo: {repository}
    rev: <commit>
    hooks:
      - id: fal-typed-check
```

It runs `regenerate --check --locked` at every commit, which takes half a second where nothing changed. For a project in a folder of its own add `args: [--project, web, regenerate, --check, --locked]`.

### With GitHub Actions

In `.github/workflows/fal.yml`, below its `on:`:

```yaml
jobs:
  fal:
    uses: {name}/.github/workflows/check-vendored.yml@<commit>
    with:
      generator: {generator}
```

`generator` is what pip is given. A wheel in your own repository does as well (`generator: ./tools/fal_typed_generator-….whl`); then nothing is fetched from ours but the workflow. Further inputs: `project` (a folder, `.`) and `python-version` (`3.13`). It needs no secret, and no permission but `contents: read`.
"""  # noqa: E501 - Markdown has a paragraph in a line


def _ci(published: Published, version: str) -> str:
    repository = published.repository or "<address of this repository>"
    name = "/".join(published.repository.split("/")[3:]) or "<owner/name of this repository>"
    return _CI.format(repository=repository, name=name, generator=published.generator or f"git+{repository}@<commit>")


def _bash(lines: list[tuple[str, str]]) -> str:
    """Commands with what they are, as a block."""
    width = max(len(command) for command, said in lines if said) if any(said for _, said in lines) else 0
    told = [f"{command:{width}}   # {said}" if said else command for command, said in lines]
    return "\n".join(["```bash", *told, "```", ""])


_WRITERS: dict[str, Callable[[Published, str], str]] = {
    "install": _install,
    "generator": _generator,
    "repository": _repository,
    "ci": _ci,
}
