"""Where the modules are that documents' text goes into, below the package's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..ir import nodes


def shared_path(module: nodes.SharedModule) -> str:
    """The file of a shared type."""
    return f"{module.kind.value}/_{module.module}.py"


def node_path(node: nodes.TreeNode) -> str:
    """The file of a node: a module, or a package as soon as it has children."""
    if not node.path:
        return "endpoints/_root.py"
    return f"endpoints/{'/'.join(node.path)}{'/__init__' if node.children else ''}.py"
