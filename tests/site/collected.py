"""What `collect` makes of small documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support import Project

from generator import pipeline
from generator.diagnostics import Findings
from generator.project.settings import load_settings
from generator.site.collect import collect

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.facts import EndpointFacts, FieldFacts, SiteFacts, TypeFacts


def collected(project: Project) -> SiteFacts:
    """The facts of a project."""
    settings = load_settings(project.root)
    return collect(pipeline.understand(settings, Findings()), settings)


def only(folder: Path, **parts: Any) -> EndpointFacts:
    """The facts of the one endpoint of a project; for its parts see `support.document`."""
    project = Project(folder)
    project.add("fal-ai/it", **parts)
    (found,) = collected(project).endpoints
    return found


def field(type_: TypeFacts, *names: str) -> FieldFacts:
    """A field, by the way that leads to it."""
    found = next(one for one in type_.fields if one.wire_name == names[0])
    if not names[1:]:
        return found
    return next(field(below, *names[1:]) for below in found.types if any(f.wire_name == names[1] for f in below.fields))


def count(type_: TypeFacts) -> int:
    """All fields, however deep."""
    return sum(1 + sum(map(count, one.types)) for one in type_.fields)
