"""The links of our own Markdown, as they are to be in the site: there a guide and its neighbours lie elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Code, which is left as it is; a comment; or a link or a picture with its words.
_FOUND = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+).*?^(?P=fence)[ ]*$|(?<!`)(?P<marks>`++)(?:(?!\n\n).)+?(?<!`)(?P=marks)(?!`)"
    r"|^(?P<comment><!--.*?-->\n?)"
    r"|!?\[(?P<words>(?:[^\[\]`]|`[^`]*`)*)\]\((?P<href>[^()\s]+)\)",
    re.DOTALL | re.MULTILINE,
)


def linked(text: str, link: Callable[[str], str | None]) -> str:
    """Our own Markdown with other links.

    Args:
        text: A guide, or the changelog.
        link: Makes of a target where it leads, a page of the site as its `.html`; None leaves the words alone.
    """

    def written(found: re.Match[str]) -> str:
        if found["href"] is None:
            return "" if found["comment"] else found[0]
        target = link(found["href"])
        if target is None or found[0].startswith("!"):
            return found["words"]
        path, mark, anchor = target.partition("#")
        if not path.startswith("https:") and path.endswith(".html"):
            path = path.removesuffix(".html") + ".md"
        return f"[{found['words']}]({path}{mark}{anchor})"

    return _FOUND.sub(written, text)
