"""`explain`: what a diagnostic means, and where a type is used and why it is or is not shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..codes import Code
from ..ir.identifiers import class_name
from ..ir.share import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..ir.share import Group, Sharing


def explain_code(name: str) -> str | None:
    """What a diagnostic means, by the code in its brackets; None if there is no such code."""
    code = next((code for code in Code if code.value == name), None)
    return None if code is None else f"{code.value} ({code.severity.value})\n\n{code.meaning}"


def explain_type(name: str, groups: Iterable[Group], sharing: Sharing) -> list[str]:
    """A paragraph for each structure that goes by a name: its uses, and why it is where it is.

    Args:
        name: A component's name in the documents, or a shared class (`Image2`).
        groups: The definitions of all endpoints, by structure.
        sharing: Which of them are shared.
    """
    wanted = class_name(name)
    found: list[str] = []
    for group in groups:
        shared = sharing.shared.get(group.key)
        if wanted == group.key.name or (shared is not None and shared.name == wanted):
            where = _where(group) if shared is None else f"{shared.key.kind.value}.{shared.name}: {_why(group)}"
            found.append("\n".join([where, *(f"  {endpoint}" for endpoint in sorted(group.members))]))
    return sorted(found)


def _why(group: Group) -> str:
    count = len(group.members)
    used = "one endpoint" if count == 1 else f"{count} endpoints"
    return f"pinned in types.lock, structure {group.key.digest[:8]}, used by {used}"


def _where(group: Group) -> str:
    endpoint = min(group.members)
    why = (
        "it leads back to itself through other types, or to the root"
        if len(group.members) > 1
        else "another structure has the name, and only one endpoint uses this one"
    )
    kind = "input" if group.key.kind is Kind.PARAMS else "output"
    return f"{group.key.name}, {kind} of {endpoint}: in the endpoint's module, because {why}"
