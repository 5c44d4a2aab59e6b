"""`explain`: what a diagnostic means, and where a type is used and why it is or is not shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import visible
from ..ir.identifiers import class_name
from ..ir.lower import note_of, own_note
from ..ir.share import Kind
from ..parse.media import FILE, PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..ir.share import Group, Key, Sharing
    from ..parse.normalize import Normalized
    from ..project.type_table import TypeTable


def explain_code(name: str) -> str | None:
    """What a diagnostic means, by the code in its brackets; None if there is no such code."""
    code = next((code for code in Code if code.value == name), None)
    return None if code is None else f"{code.value} ({code.severity.value})\n\n{code.meaning}"


class Explainer:
    """Explains the types of a project.

    Args:
        endpoints: The endpoints, by id.
        sharing: Which of their types are shared.
        table: The names that every project begins with.
    """

    def __init__(self, endpoints: Mapping[str, Normalized], sharing: Sharing, table: TypeTable) -> None:
        self._endpoints = endpoints
        self._sharing = sharing
        self._table = table

    def type(self, name: str) -> list[str]:
        """A paragraph for each structure that goes by a name: its uses, how it differs, and why it is where it is.

        Args:
            name: A component's name in the documents, or a shared class (`SizedImage`).
        """
        wanted = class_name(name)
        found: list[str] = []
        for group in self._sharing.groups.values():
            shared = self._sharing.shared.get(group.key)
            names = {group.key.name, *([] if shared is None else [shared.name])}
            if wanted in names or (wanted == FILE and group.key.name in PLAIN.values()):
                head = [self._home(group.key), *self._note(group.key)]
                found.append("\n".join([*head, *(f"  {endpoint}" for endpoint in sorted(group.members))]))
        return sorted(found)

    def endpoint(self, endpoint_id: str) -> list[str]:
        """The lines about an endpoint's types besides its input and output, by their names in its document."""
        lines: list[str] = []
        for kind in Kind:
            for wire, key in sorted(self._sharing.keys[endpoint_id, kind].items()):
                lines += [f"  {visible(wire)}: {self._home(key)}", *(f"    {note}" for note in self._note(key))]
        return lines or ["  no types besides its input and output"]

    def _home(self, key: Key) -> str:
        group, shared = self._sharing.groups[key], self._sharing.shared.get(key)
        return _where(group) if shared is None else f"{key.kind.value}.{shared.name}: {self._why(group)}"

    def _why(self, group: Group) -> str:
        key, count = group.key, len(group.members)
        entry = self._table.entries.get((key.kind.value, self._table.name(key.kind.value, key.name, key.digest)))
        known = "pinned in types.lock"
        if entry is not None:
            of = f", of {entry.endpoints} endpoint{'' if entry.endpoints == 1 else 's'} of fal's catalogue"
            # Of a plain file the census does not tell what it is where.
            reason = f" ({entry.reason})" if entry.reason else ""
            known = f"in the table of shared types{of if entry.endpoints else ''}{reason}"
        used = "one endpoint" if count == 1 else f"{count} endpoints"
        return f"{known}, structure {key.digest[:8]}, used by {used}"

    def _note(self, key: Key) -> list[str]:
        """How it differs from the one with the plain name, if that is another."""
        shared, group = self._sharing.shared.get(key), self._sharing.groups[key]
        if shared is not None:
            note = note_of(shared.definition, key, f"`{key.name}`", self._sharing)
        else:
            first = min(group.members)
            note = own_note(self._endpoints[first], group.members[first], key.kind, self._sharing)
        return [visible(note)] if note else []


def _where(group: Group) -> str:
    endpoint = min(group.members)
    why = (
        "it leads back to itself through other types, or to the root"
        if len(group.members) > 1
        else "another structure has the name, and only one endpoint uses this one"
    )
    kind = "input" if group.key.kind is Kind.PARAMS else "output"
    return f"{group.key.name}, {kind} of {endpoint}: in the endpoint's module, because {why}"
