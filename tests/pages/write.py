"""Write what is not written by hand in the pages: `make pages`.

`python tests/pages/write.py [CHECKOUT]` writes those of another checkout; by default of this one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import typing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "generated"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from generator.project.settings import load_settings
from generator.version import VERSION
from pages import picture
from pages.collect import REPOSITORY, blocks_of
from pages.settled import settled

PICTURE = "tests/pages/refused.svg"
COMMAND = "python typo.py"


def written(root: Path = REPOSITORY) -> dict[str, str]:
    """What the pages and the picture of a checkout are, by path."""
    published = load_settings(root).published
    pages = [root / "README.md", *sorted((root / "generator").glob("*.md"))]
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in pages}
    filled = {path: settled(text, published, VERSION) for path, text in texts.items()}
    return {**filled, PICTURE: drawn(root)}


def drawn(root: Path = REPOSITORY) -> str:
    """The picture: the call of the README with the misspelt input, and the same one while it is written."""
    (refused,) = [block for block in blocks_of(root / "README.md", root) if "image_siz=" in block.code]
    before, found, _ = refused.code.partition("image_siz=")
    assert found
    return picture.draw(f'{before}image_size="', choices(), COMMAND, _end(printed(refused.code)))


def choices() -> list[str]:
    """What `image_size` may be, but for a size of one's own: as code, in the order in which pyright offers it."""
    from fal_typed.endpoints.flux_1.schnell import Flux1SchnellInput

    members = typing.get_args(typing.get_type_hints(Flux1SchnellInput)["image_size"])
    literals = [typing.get_args(one) for one in members if typing.get_origin(one) is typing.Literal]
    return sorted(f'"{value}"' for values in literals for value in values)


def printed(code: str) -> str:
    """What a program prints as its error. It asks nobody: there is nothing at the hosts that it is told of."""
    nowhere = {"FAL_KEY": "a:b", "FAL_RUN_HOST": "http://127.0.0.1:9", "FAL_QUEUE_RUN_HOST": "http://127.0.0.1:9"}
    environment = {**os.environ, **nowhere, "PYTHONPATH": str(REPOSITORY / "generated")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stderr


def _end(error: str) -> str:
    """The first line of a traceback, and what is said at its end."""
    lines = error.rstrip("\n").split("\n")
    last = next(at for at in range(len(lines) - 1, -1, -1) if "Error: " in lines[at])
    return "\n".join([lines[0], "…", *lines[last:]])


def main() -> None:
    """Write what differs."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else REPOSITORY
    for path, text in written(root).items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
