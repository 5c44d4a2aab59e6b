"""Where the modules are that documents' text goes into, below the package's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..places import FAKES

if TYPE_CHECKING:
    from ..ir import nodes

# The clients with their endpoints, as type checkers know them.
ROOTS = ("endpoints/_root.py", "endpoints/_async_root.py")
# The template of each module that there is once. Others at the top, which only name what users import, have one more.
_FRAME = {
    "__init__.py": "init.py.jinja",
    "_client.py": "client.py.jinja",
    "_async_client.py": "client.py.jinja",
    "_registry.py": "registry.py.jinja",
    **dict.fromkeys(ROOTS, "client.py.jinja"),
    "models/__init__.py": "shared_init.py.jinja",
    "params/__init__.py": "shared_init.py.jinja",
}


def shared_path(module: nodes.SharedModule) -> str:
    """The file of a shared type."""
    return f"{module.kind.value}/_{module.module}.py"


def node_path(node: nodes.TreeNode) -> str:
    """The file of a node: a module, or a package as soon as it has children."""
    if not node.path:
        return "endpoints/_root.py"
    return f"endpoints/{'/'.join(node.path)}{'/__init__' if node.children else ''}.py"


def template_of(path: str, *, documented: bool = True) -> str:
    """The template that a module is made by.

    Args:
        path: The module, below the package's folder.
        documented: Whether it is made from a document, or several; else it is the package's own.
    """
    if path.startswith(f"{FAKES}/"):
        return "fake.pyi.jinja" if documented else "fakes.pyi.jinja"
    if documented:
        return "endpoint.py.jinja" if path.startswith("endpoints/") else "shared_module.py.jinja"
    if "/" not in path:
        return _FRAME.get(path, "public_module.py.jinja")
    return _FRAME.get(path, "namespace.py.jinja")
