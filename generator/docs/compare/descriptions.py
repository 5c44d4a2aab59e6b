"""Holds what a page says of an endpoint against what is emitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..describe import UNKNOWN, Description, FieldDescription, Fields
from ..labels import object_names
from .align import FieldGroup, aligned, partition, with_inherited
from .disagreements import Comparison, Disagreement, Facet
from .facets import compared, same_name, same_prose, shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..describe import Unknown

NOT_THERE = "not there"


def compare(page: Description, emitted: Description) -> Comparison:
    """Hold a page against the emitted code.

    Args:
        page: What the page says; what it does not show is not compared.
        emitted: What the emitted code says.
    """
    comparison = Comparison()
    sections = _Sections(comparison, page, emitted)
    sections.compare("input", page.input, emitted.input)
    sections.compare("output", page.output, emitted.output, output=True)
    nested = Comparison()
    _Sections(nested, page, emitted).types()
    if nested.compared:
        comparison.compared[Facet.NESTED] = nested.compared.total()
    for one in nested.disagreements:
        said, place = f"{one.facet.value}: " if one.facet is not Facet.NESTED else "", one.place
        comparison.disagreements.append(
            Disagreement(facet=Facet.NESTED, place=place, page=said + one.page, emitted=one.emitted, line=one.line)
        )
    return comparison


class _Sections:
    """Compares lists of fields."""

    def __init__(self, into: Comparison, page: Description, emitted: Description) -> None:
        self._into = into
        self._page = page
        self._emitted = emitted

    def compare(self, place: str, page: Fields | Unknown, emitted: Fields | Unknown, *, output: bool = False) -> None:
        """One list of fields."""
        if page is UNKNOWN or emitted is UNKNOWN:
            return
        if bool(page) is not bool(emitted):
            self._into.judge(agree=False, facet=Facet.FIELDS, place=place, page=_names(page), emitted=_names(emitted))
            return
        alignment = aligned(page, emitted)
        for one in alignment.only_page:
            what = "a field without name" if one.name is UNKNOWN else "there"
            said = f"{what}: {one.description}" if one.name is UNKNOWN else what
            self._fields(f"{place}.{_name(one)}", said, NOT_THERE, one.line)
        for one in alignment.only_emitted:
            self._fields(f"{place}.{_name(one)}", NOT_THERE, "there", 0)
        for group in alignment.groups:
            self._group(place, group, output=output)
        on_page, in_code = alignment.order
        self._into.judge(
            agree=on_page == in_code,
            facet=Facet.ORDER,
            place=place,
            page=", ".join(on_page),
            emitted=", ".join(in_code),
        )

    def _fields(self, place: str, page: str, emitted: str, line: int) -> None:
        agree = page == emitted
        self._into.judge(agree=agree, facet=Facet.FIELDS, place=place, page=page, emitted=emitted, line=line)

    def _group(self, place: str, group: FieldGroup, *, output: bool) -> None:
        for page, emitted in group.pairs:
            where = f"{place}.{emitted.name}"
            for facet, agree in compared(page, emitted, self._emitted.types, output=output):
                self._into.judge(
                    agree=agree,
                    facet=facet,
                    place=where,
                    page=shown(page, facet),
                    emitted=shown(emitted, facet),
                    line=page.line,
                )
        for one in group.emitted:
            self._fields(f"{place}.{one.name}", "there", "there", 0)
        page_prose, emitted_prose = _prose(group.page), _prose(group.emitted)
        self._into.judge(
            agree=same_prose(page_prose, emitted_prose, rendered=self._page.rendered),
            facet=Facet.DESCRIPTION,
            place=f"{place}.{group.emitted[0].name}",
            page=page_prose or "none",
            emitted=emitted_prose or "none",
            line=group.page[0].line,
        )

    def types(self) -> None:
        """Every type that the page describes, and that the endpoint needs."""
        page, emitted = self._page, self._emitted
        described: set[str] = set()
        for name, fields in page.types.items():
            ours = [other for other in emitted.types if same_name(name, other)]
            exact = [other for other in ours if other.lower() == name.lower()]
            for other in {*ours} if not exact or f"{name}Param" in ours else {*exact}:
                described.add(other)
                self.compare(f"types.{name}", fields, self._with_inherited(fields, other))
            if not ours and name in _needed(page):
                self._type(name, "there", NOT_THERE, fields)
        if page.types_complete:
            for name in emitted.types.keys() - described:
                self._type(name, NOT_THERE, "there", ())
        if page.pool:
            self._pool(page.pool)

    def _with_inherited(self, page: Fields, name: str) -> Fields:
        emitted = self._emitted
        return with_inherited(page, emitted.types[name], emitted.inherited.get(name, ()))

    def _type(self, name: str, page: str, emitted: str, fields: Fields) -> None:
        line = fields[0].line if fields else 0
        self._into.judge(agree=False, facet=Facet.NESTED, place=f"types.{name}", page=page, emitted=emitted, line=line)

    def _pool(self, pool: Fields) -> None:
        """The fields of types that are printed without the types' names."""
        types = {name: self._with_inherited(pool, name) for name in self._emitted.types}
        found = partition(pool, types)
        for name, fields in found.types:
            self.compare(f"types.{name}", fields, types[name])
        for name in sorted(self._emitted.types.keys() - {name for name, _ in found.types}):
            self._type(name, NOT_THERE, "there", ())
        if found.rest:
            said = " / ".join(_name(one) if one.name is not UNKNOWN else str(one.description) for one in found.rest)
            self._type("(of no type)", said, NOT_THERE, found.rest)


def _needed(page: Description) -> set[str]:
    """The types that lead from the page's input and output on."""
    roots = [fields for fields in (page.input, page.output) if fields is not UNKNOWN]
    waiting = [name for fields in roots for one in fields for name in _mentioned(one)]
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [other for one in page.types.get(name, ()) for other in _mentioned(one)]
    return needed


def _mentioned(one: FieldDescription) -> list[str]:
    return [] if one.type is UNKNOWN else object_names(one.type)


def _prose(fields: Iterable[FieldDescription]) -> str:
    return " ".join(one.description for one in fields if one.description is not UNKNOWN and one.description)


def _name(one: FieldDescription) -> str:
    return "(no name)" if one.name is UNKNOWN else one.name


def _names(fields: Fields) -> str:
    return ", ".join(map(_name, fields)) or "no fields"
