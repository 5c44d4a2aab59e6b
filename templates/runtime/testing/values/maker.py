"""Makes a value that a schema allows, from the input where it can, from the document's examples, or by chance."""

# design: What does the fake answer?

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from . import scalars
from .dice import rolled, token
from .files import is_link
from .hints import examples_of, has_link, is_wanted, types_for
from .kinds import is_list, is_object, same
from .phrases import phrase
from .reading import types
from .valid import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .asked import Asked
    from .files import Files
    from .place import Place
    from .reading import Reading

    Way = Callable[[], Any]

# Values that are made for one output before it is given up; the largest of fal's has some hundred.
_MOST = 5_000
_DEEPEST = 60
_ATTEMPTS = 6
# Lists in lists and unions in unions that are looked through for files.
_LISTS = 4
# An item that is to differ from those before it.
_UNIQUE_ATTEMPTS = 60
_SIZED = ("width", "height", "duration", "fps", "num_frames")


class CannotMake(Exception):
    """No value was found for a place."""


class Maker:
    """Makes the values of one output.

    Args:
        reading: The schema's document.
        seed: What the call has for its own.
        input: What was sent, and the defaults of what was not.
        asked: What it asks for.
        files: The files of the output.
    """

    def __init__(self, reading: Reading, seed: str, input: Mapping[str, Any], asked: Asked, files: Files) -> None:
        self._reading, self._seed, self._input, self._asked, self._files = reading, seed, input, asked, files
        self._left = _MOST

    def value(self, schema: Any, place: Place) -> Any:
        """A value for a place.

        Raises:
            CannotMake: None was found.
        """
        self._left -= 1
        if self._left < 0 or place.depth > _DEEPEST:
            raise CannotMake(f"{place.path or 'it'}: grows without end")
        one = self._reading.flat(schema)
        place = place.within(one, self._reading.entered(schema))
        told: list[str] = []
        for way in self._ways(one, place):
            try:
                found = way()
            except CannotMake as error:
                told.append(str(error))
                continue
            wrong = problem(self._reading, schema, found, place.path)
            if wrong is None:
                return found
            told.append(wrong)
        raise CannotMake(told[0] if told else f"{place.path or 'it'}: nothing is allowed there")

    def _ways(self, one: dict[str, Any], place: Place) -> Iterator[Way]:
        """How a value may be come by, the best way first."""
        if "const" in one:
            yield partial(_itself, one["const"])
            return
        if "anyOf" in one:
            yield from self._branches(one, place)
            return
        yield from (partial(_itself, value) for value in self._told(one, place))
        if "enum" in one:
            members = sorted(one["enum"], key=lambda member: member is None)
            first = (place.number + place.attempt) % max(len(members), 1)
            yield from (partial(_itself, member) for member in [*members[first:], *members[:first]])
            return
        if (
            not place.path and types_for(one) == ["string"] and "type" not in one
        ):  # whatever it is called in: an answer is an object
            yield partial(_itself, {"output": phrase("output", self._input, token(self._seed, "", 64))})
        for name in types_for(one):
            for attempt in range(_ATTEMPTS):
                yield partial(self._of_type, name, one, place.again(attempt))
        yield from (partial(_itself, value) for value in examples_of(one, place.number + place.attempt))
        yield partial(_itself, None)

    def _branches(self, one: dict[str, Any], place: Place) -> Iterator[Way]:
        rest = {key: value for key, value in one.items() if key != "anyOf"}
        branches: list[Any] = list(one["anyOf"])
        if any(self._leads_back(branch, place) for branch in branches):
            branches.sort(key=lambda branch: (self._leads_back(branch, place), self._reading.height(branch)))
        else:
            branches.sort(key=lambda branch: types(self._reading.flat(branch)) == ["null"])
        for branch in branches:
            yield partial(self.value, {"allOf": [rest, branch]}, place)

    def _told(self, one: dict[str, Any], place: Place) -> Iterator[Any]:
        """What is known: of the file, by the input, by the document; none of it where it would not do before."""
        if place.attempt:
            return
        echo = self._input.get(place.name)
        if place.name in place.facts:
            yield place.facts[place.name]
        if isinstance(echo, str | int | float) and not is_link(place.name):
            yield echo
        if not self.holds_files(one):
            yield from (value for value in examples_of(one, place.number + place.attempt) if not has_link(value))

    def _of_type(self, name: str, one: dict[str, Any], place: Place) -> Any:
        if name == "object":
            return self._file(one, place) if "url" in one.get("properties", {}) else self._object(one, place)
        if name == "array":
            return self._array(one, place)
        if name == "string":
            return self._text(one, place)
        if name in ("integer", "number"):
            return scalars.number(one, place.name, self._roll(place), whole=name == "integer")
        return place.attempt % 2 == 1 if name == "boolean" else None

    def _text(self, one: dict[str, Any], place: Place) -> str:
        if is_link(place.name) or (one.get("format") == "uri" and not place.attempt):
            return self._files.url(self._files.at(place.name, {}, place.told, self._roll(place)(1 << 31)))
        if place.name.startswith("svg") and not place.attempt:
            return self._files.svg(self._roll(place)(1 << 31))
        digits = token(self._seed, f"{place.path} {place.attempt}", 64)
        return scalars.text(one, phrase(place.name, self._input, digits), self._roll(place), digits)

    def _file(self, one: dict[str, Any], place: Place) -> Any:
        label = self._reading.flat(one["properties"].get("content_type"))
        read = {**one, "properties": {**one["properties"], "content_type": label}} if label else one
        wish = self._files.at(place.name, read, place.told, self._roll(place)(1 << 31))
        return self._object(one, place, self._files.facts(wish))

    def _object(self, one: dict[str, Any], place: Place, facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
        properties: dict[str, Any] = dict(one.get("properties", {}))
        required: list[str] = one.get("required", [])
        extra = one.get("additionalProperties", True)
        properties |= {name: extra for name in required if name not in properties}
        known, count, made = {**place.facts, **(facts or {})}, None, dict[str, Any]()
        for name in sorted(properties, key=lambda name: not self.holds_files(properties[name], name)):
            if name not in required and not self._takes(name, properties[name], place, known):
                continue
            there = place.below(name, known)
            try:
                made[name] = self.value(properties[name], there.counted(count))
            except CannotMake:
                if name in required:
                    raise
                continue
            if self.holds_files(properties[name], name):
                known = {**_sizes_of(made[name]), **known}
                count = count or len(made[name]) if is_list(made[name]) else count
        made = {name: made[name] for name in properties if name in made}
        return {**made, **self._further(one, made, place, known)}

    def _takes(self, name: str, schema: Any, place: Place, facts: Mapping[str, Any]) -> bool:
        """Whether a property that may be left out is there."""
        if "url" in facts and (name in facts or name in _SIZED):
            return name in facts
        if self._reading.leads_to(schema) & place.references:
            return False
        return is_wanted(name, self._reading.flat(schema), self._input)

    def _further(self, one: dict[str, Any], made: dict[str, Any], place: Place, facts: Mapping[str, Any]) -> Any:
        """Properties that have no names in the document: one of them, or as many as there must be."""
        schema: Any = one.get("additionalProperties", True)
        least = one.get("minProperties", 0) - len(made)
        usual = 1 if is_object(schema) and schema and not made and not self._leads_back(schema, place) else 0
        patterns: dict[str, Any] = one.get("patternProperties", {})
        pattern = next(iter(patterns), None)
        names: list[Any] = [one["propertyNames"]] if "propertyNames" in one else []
        names += [] if pattern is None else [{"pattern": pattern}]
        further: dict[str, Any] = {}
        for number in range(max(least, usual)):
            key = _key(place.name, number)
            if names:
                key = self._item({"type": "string", "allOf": names}, place.below(key, {}), [*made, *further])
            there = schema if pattern is None else patterns[pattern]
            try:
                further[key] = self.value(there, place.below(key, facts))
            except CannotMake:
                if number < least:
                    raise
        return further

    def _array(self, one: dict[str, Any], place: Place) -> list[Any]:
        first: list[Any] = one.get("prefixItems", [])
        schema: Any = one.get("items", True)
        most = min(one.get("maxItems", _MOST), len(first) if schema is False else _MOST)
        usual = max(self._usual_count(schema, place), len(first))
        made: list[Any] = []
        if one.get("minItems", 0) > _MOST:
            raise CannotMake(f"{place.path or 'it'}: has more than {_MOST} items")
        for number in range(max(one.get("minItems", 0), min(most, usual))):
            there = first[number] if number < len(first) else schema
            try:
                made.append(self._item(there, place.item(number), made if one.get("uniqueItems") else []))
            except CannotMake:
                if number < one.get("minItems", 0):
                    raise
                break
        if "contains" in one and all(problem(self._reading, one["contains"], item) for item in made):
            made = [*made[:-1], self.value({"allOf": [schema, one["contains"]]}, place.item(len(made)))]
        return made

    def _usual_count(self, items: Any, place: Place) -> int:
        if place.count is not None:
            return place.count
        if self.holds_files(items, place.name):
            return self._asked.count or 1
        return 0 if self._leads_back(items, place) else 1

    def _item(self, schema: Any, place: Place, others: list[Any]) -> Any:
        """An item that is none of the others."""
        for attempt in range(_UNIQUE_ATTEMPTS):
            found = self.value(schema, place.again(attempt))
            if not any(same(found, other) for other in others):
                return found
        raise CannotMake(f"{place.path}: has no more values that differ")

    def holds_files(self, schema: Any, name: str = "", depth: int = 0) -> bool:
        """Whether there are files right at a place, or in a list there."""
        one = self._reading.flat(schema)
        if "url" in one.get("properties", {}) or ("string" in types(one) and is_link(name)):
            return True
        parts = [*one.get("anyOf", []), one.get("items")]
        return depth < _LISTS and any(self.holds_files(part, name, depth + 1) for part in parts)

    def _leads_back(self, schema: Any, place: Place) -> bool:
        return bool(self._reading.leads_to(schema) & place.references)

    def _roll(self, place: Place) -> Callable[[int], int]:
        calls = iter(range(_MOST))
        return lambda sides: rolled(self._seed, f"{place.path} {place.attempt} {next(calls)}", sides)


def _itself(value: Any) -> Any:
    return value


def _sizes_of(made: Any) -> dict[str, Any]:
    """What is told of a file that may be told beside it as well; of several files, of the first one."""
    first = made[0] if is_list(made) and made else made
    return {name: first[name] for name in _SIZED if name in first} if is_object(first) else {}


def _key(name: str, number: int) -> str:
    """What a property is called that has no name in the document."""
    if name == "timings":
        return f"inference_{number}" if number else "inference"
    return f"key_{number + 1}"
