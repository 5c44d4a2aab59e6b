"""What hatchling is told while it builds the generator: the metadata that settings decide, and a checkout's own name.

Not part of what is installed. It imports nothing of the generator: in a build nothing of it is on the path.
"""

# design: How is the generator installed?

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?P<picture>!?)(?P<label>\[[^\]]*\])\((?P<path>(?!https?:|#|mailto:)[^)\s]+)\)")


class CustomMetadataHook(MetadataHookInterface):
    """Authors, addresses and the page, by `[tool.fal-typed.published]`; what is not set is left out."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the fields that `dynamic` names."""
        root = Path(self.root)
        published = _published(root)
        repository = published.get("repository", "")
        text = (root / "README.md").read_text(encoding="utf-8")
        if repository:
            tree = f"{repository}/blob/generator-v{metadata['version']}"
            text = _LINK.sub(lambda link: _absolute(link, tree), text)
            metadata["urls"] = {"Source": repository, "Issues": f"{repository}/issues"}
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        if published.get("authors"):
            metadata["authors"] = [
                {
                    key: value
                    for key, value in zip(("name", "email"), one.rstrip(">").partition(" <")[::2], strict=True)
                    if value
                }
                for one in published["authors"]
            ]


class CustomBuildHook(BuildHookInterface[Any]):
    """In a checkout's environment `fal_typed_generator` is the folder `generator/`, as it is at any moment."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the one module that leads there, to an editable install alone."""
        if version == "editable":
            self._folder = Path(tempfile.mkdtemp())
            lead = self._folder / "__init__.py"
            lead.write_text(f"__path__ = [{str(Path(self.root) / 'generator')!r}]\n", encoding="utf-8")
            build_data["force_include_editable"][str(lead)] = "fal_typed_generator/__init__.py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take away what was made for the build."""
        if version == "editable":
            shutil.rmtree(self._folder)


def _published(root: Path) -> dict[str, Any]:
    document: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    published: dict[str, Any] = document["tool"]["fal-typed"].get("published", {})
    return published


def _absolute(link: re.Match[str], tree: str) -> str:
    """A link of the README, for a page on which the repository's files are not."""
    base = tree.replace("/blob/", "/raw/") if link["picture"] else tree
    return f"{link['picture']}{link['label']}({base}/{link['path']})"
