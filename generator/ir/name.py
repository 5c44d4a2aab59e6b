"""Stage name: what every endpoint is called, decided once and in one place.

Three rules, which hold for the names within modules too (`identifiers.py`):

* An endpoint's module and class follow from its id alone, so adding or removing another endpoint never moves them.
* A name that is already a good Python name stays as it is.
* Two things that would be called the same are a finding that names both, never a silent overwrite.

An edit of a reserved set renames public things: it is a breaking change of the generated package.
"""

# design: How does the tree of endpoints cost nothing?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ..codes import Code
from ..diagnostics import Source
from .identifiers import CLIENT_MEMBERS, RESERVED_CLASSES, class_of_id, segment_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from pathlib import Path

    from ..diagnostics import Findings
    from ..parse.load import Loaded
    from ..project.settings import Settings

# The shared types that an endpoint's module imports, each as its kind, module and class.
Imported = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointName:
    """Where an endpoint lives.

    Attributes:
        id: The endpoint's id.
        path: Attribute path from the client, which is also the module path below `endpoints`.
        class_name: The sync class; `Async` in front makes the other, `Input` and `Output` behind make the roots.
    """

    id: str
    path: tuple[str, ...]
    class_name: str


class Identified(Protocol):
    """What has an endpoint's id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Ready = TypeVar("Ready", bound=Identified)
Other = TypeVar("Other", bound=Identified)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEndpoints(Generic[Ready]):
    """The endpoints that are in the package.

    Attributes:
        names: Their names, by id.
        endpoints: Those that are generated.
        kept: Those that cannot be this time, but are there from an earlier run, with what their modules import.
    """

    names: dict[str, EndpointName]
    endpoints: tuple[Ready, ...]
    kept: dict[str, Imported]

    def with_endpoints(self, endpoints: Iterable[Other]) -> NamedEndpoints[Other]:
        """The same names, and other things known of the endpoints."""
        return NamedEndpoints(names=self.names, endpoints=tuple(endpoints), kept=self.kept)


def name(
    loaded: Loaded,
    ready: Sequence[Ready],
    earlier: Mapping[str, Imported],
    settings: Settings,
    findings: Findings,
) -> NamedEndpoints[Ready]:
    """Name what can be generated, and what cannot this time but is there from an earlier run.

    Args:
        loaded: All documents.
        ready: Those that can be generated.
        earlier: The endpoints of earlier runs, with what their modules import.
        settings: The project's.
        findings: Where endpoints are reported that can have no name, or not this time.
    """
    whole = {one.id for one in ready}
    broken = ({document.id for document in loaded.documents} - whole) | set(loaded.broken)
    package = settings.output / settings.package / "endpoints"
    kept = {one for one in broken if one in earlier and _module(package, endpoint_name(one)).is_file()}
    paths = {one: f"{settings.shown(settings.specs)}/{one}.json" for one in whole | kept}
    names = name_endpoints(whole | kept, paths, findings, earlier)
    for one in sorted(kept & names.keys()):
        if _module(package, names[one]).name == "__init__.py":
            continue
        # What stays as it was is a module, and only a package could have children.
        for below in [b for b in names if names[b].path[: len(names[one].path)] == names[one].path and b != one]:
            del names[below]
            findings.add(
                Code.NO_PARENT,
                f"{below} can be emitted when the document of {one}, its parent, can be read again",
                Source(path=paths[below]),
            )
    return NamedEndpoints(
        names=names,
        endpoints=tuple(one for one in ready if one.id in names),
        kept={one: earlier[one] for one in sorted(kept & names.keys())},
    )


def _module(package: Path, name: EndpointName) -> Path:
    """The file of an endpoint's module as it is now."""
    folder = package.joinpath(*name.path)
    return folder / "__init__.py" if folder.is_dir() else folder.with_name(folder.name + ".py")


def endpoint_name(endpoint_id: str) -> EndpointName:
    """The names that follow from an id, e.g. `fal-ai/flux-1/schnell` is `flux_1.schnell` and `Flux1Schnell`."""
    owner, *segments = endpoint_id.split("/")
    path = [segment_name(segment) for segment in segments]
    if path[0] in CLIENT_MEMBERS:
        path[0] += "_"
    if owner != "fal-ai":
        path = ["owners", segment_name(owner), *path]
    return EndpointName(id=endpoint_id, path=tuple(path), class_name=class_of_id(segments))


def namespace_class(path: tuple[str, ...]) -> str:
    """The class of a module that only leads to others, e.g. `("flux_1",)` is `Flux1Namespace`."""
    parts = path[1:] if path[0] == "owners" and len(path) > 1 else path
    name = class_of_id([part.strip("_") for part in parts]) + "Namespace"
    return f"Owner{name}" if name in RESERVED_CLASSES else name


def name_endpoints(
    ids: Iterable[str], paths: dict[str, str], findings: Findings, known: Container[str] = ()
) -> dict[str, EndpointName]:
    """Name every endpoint. Of two with one path, the one that had it before keeps it; else one written in lower case.

    Args:
        ids: The endpoints' ids.
        paths: Their documents' paths, for the finding.
        known: The endpoints of the last run.
        findings: Where a clash is reported; the endpoint that lost is not in the result.
    """
    taken: dict[tuple[str, ...], str] = {}
    named: dict[str, EndpointName] = {}
    for endpoint_id in sorted(ids, key=lambda one: (one not in known, one != one.lower(), one)):
        name = endpoint_name(endpoint_id)
        holder = taken.setdefault(name.path, endpoint_id)
        if holder == endpoint_id:
            named[endpoint_id] = name
            continue
        findings.add(
            Code.NAME_CLASH,
            f"{endpoint_id} and {holder} would both be {'.'.join(name.path)}",
            Source(path=paths[endpoint_id]),
            fix="keep one of the two among the endpoints",
        )
    return dict(sorted(named.items()))
