"""Stage normalize: a document's schemas in one spelling per meaning.

`nullable: true` and `anyOf [..., null]`, `allOf` of one, `const` and a one-member enum, integers written as floats:
each pair becomes one shape. What JSON Schema can say and we cannot becomes an open type, with a finding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import quoted
from ..json_text import Json, JsonText, canonical, is_text
from ..limits import Budget, OverLimitError, report
from ..project.file_inputs import FileTable, is_marked_as_file, is_named_as_file
from ..shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    ObjectDef,
    Property,
    Prose,
    RefShape,
    Shape,
    UnionShape,
    extent,
    references,
    taking_file,
    union,
)
from .defaults import fits
from .file_limits import file_limits
from .files import tell_files
from .keywords import (
    array,
    bounds,
    check_keywords,
    enumeration,
    has_lost_properties,
    prose,
    required_names,
    string,
    unknown_keywords,
    whole,
)
from .media import tell_media
from .resolve import Resolved, find_component
from .structure import refuse_tangled

if TYPE_CHECKING:
    from ..diagnostics import Findings
    from ..media_limits import MediaLimits
    from ..node import Node

NAMES_ALONE = FileTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalized:
    """One endpoint's types.

    Attributes:
        input: Name of the input root among `objects`.
        output: The output: a reference to a root among `objects`, or a union of such references.
        objects: Every object type that the roots reach, by name.
    """

    resolved: Resolved
    input: str
    output: Shape
    objects: dict[str, ObjectDef]

    @property
    def id(self) -> str:
        """The endpoint's id."""
        return self.resolved.document.id


def normalize(resolved: Resolved, findings: Findings, files: FileTable = NAMES_ALONE) -> Normalized | None:
    """Read the two roots of a document and all they reach. None, with a finding, where that is too much.

    Args:
        resolved: The document.
        findings: Gathers what is wrong with it.
        files: What is known of inputs that take files.
    """
    reader = _Reader(resolved, findings)
    try:
        reader.about(resolved.metadata)
        input_name = reader.root(resolved.input, "Input")
        output = reader.output(resolved.output)
        refuse_tangled(reader.objects, resolved.source.child("components", "schemas"))
        objects = tell_media(reader.objects, references(output), resolved.components, reader.copied)
    except OverLimitError as error:
        report(error, findings)
        return None
    objects = tell_files(objects, input_name, resolved, files, findings)
    return Normalized(resolved=resolved, input=input_name, output=output, objects=objects)


class _Reader:
    """Reads one document; the object types it meets gather in `objects`."""

    def __init__(self, resolved: Resolved, findings: Findings) -> None:
        self.objects: dict[str, ObjectDef] = {}
        self._resolved = resolved
        self._findings = findings
        self._open: list[str] = []
        self._known: dict[str, Shape] = {}
        self._cost: dict[str, int] = {}
        self._budget = Budget()

    def about(self, metadata: Node) -> None:
        """What stands in the docstring of the endpoint counts like what stands in those of its types."""
        for key in ("about", "category", "documentationUrl"):
            self._budget.charge_prose(metadata.get(key).text(), metadata.get(key))

    # --- roots ---------------------------------------------------------------------------------------------------

    def root(self, schema: Node, name: str) -> str:
        """The name of a root object type; a root that is missing or no object becomes an open one."""
        shape = self.shape(schema, name)
        if isinstance(shape, RefShape):
            return shape.name
        if references(shape):
            self._unsupported(schema, "schema", f"an {name.lower()} that is no object but mentions some")
        component = schema.get("$ref").text().rpartition("/")[2]
        named = component if component in self._resolved.components else self._free(component or name, "")
        self.objects[named] = ObjectDef(wire_name=named, properties=(), extra=AnyShape(), pointer=schema.source.pointer)
        return named

    def output(self, schema: Node) -> Shape:
        """The output: usually one object type, sometimes one of several."""
        shape = self.shape(schema, "Output")
        if shape != AnyShape() and references(shape) and not isinstance(shape, ArrayShape | MapShape):
            return shape
        return RefShape(name=self.root(schema, "Output"))

    def _free(self, name: str, pointer: str) -> str:
        """A name for an object type that neither a component nor another type in the open has."""
        components = self._resolved.components
        while (name in self.objects and self.objects[name].pointer != pointer) or (
            name in components and not pointer.startswith(components[name].source.pointer)
        ):
            name += "_"
        return name

    # --- schemas -------------------------------------------------------------------------------------------------

    def shape(self, schema: Node, name: str) -> Shape:
        """What a schema allows. `name` is what an object type that stands in the open would be called."""
        if not isinstance(schema.value, dict):
            if schema.value not in (None, True):
                self._findings.add(Code.BAD_KEYWORD, "a schema must be an object; any value is taken", schema.source)
            return AnyShape()
        check_keywords(schema, self._findings)
        self._budget.descend(schema)
        shape = self._bare(schema, name)
        self._budget.check_union(_options(shape), schema)
        if isinstance(
            shape, ArrayShape
        ):  # of a tuple the positions' types are joined here, under no schema of their own
            self._budget.check_union(_options(shape.items), schema)
        self._budget.ascend()
        if schema.value.get("nullable") is True:
            shape = union([shape, NullShape()])
        return shape

    def _bare(self, schema: Node, name: str) -> Shape:
        keys = schema.members()
        if "$ref" in keys:
            return self._reference(schema.get("$ref"))
        if "allOf" in keys:
            return self._all_of(schema, name)
        for keyword in ("anyOf", "oneOf"):
            if keyword in keys:
                return self._any_of(schema, keyword, name)
        if "const" in keys or "enum" in keys:
            return enumeration(schema, self._findings)
        return self._typed(schema, name)

    def _reference(self, reference: Node) -> Shape:
        target = find_component(self._resolved, reference, self._findings)
        if target is None:
            return AnyShape()
        if target in self._open:
            return RefShape(name=target) if self._is_object(target) else self._circular(reference)
        if target not in self._known:
            before = self._budget.schemas
            self._open.append(target)
            self._known[target] = self.shape(self._resolved.components[target], target)
            self._open.pop()
            self._cost[target] = self._budget.schemas - before
        elif not isinstance(self._known[target], RefShape):  # what has no name of its own is written out each time
            self._budget.charge_schemas(self._cost[target], reference)
        return self._known[target]

    def _is_object(self, target: str) -> bool:
        return "properties" in self._resolved.components[target].members()

    def _circular(self, reference: Node) -> Shape:
        self._findings.add(
            Code.CIRCULAR_REF, "a reference that leads back to itself; any value is taken", reference.source
        )
        return AnyShape()

    def _all_of(self, schema: Node, name: str) -> Shape:
        """`allOf` of one member is that member; of several objects, the object with all their properties."""
        parts = schema.get("allOf").items()
        if "properties" in schema.members():
            self._unsupported(schema, "properties", "`properties` beside `allOf`")
        if len(parts) == 1:
            return self.shape(parts[0], name)
        shapes = [self.shape(part, f"{name}Part{index}") for index, part in enumerate(parts, start=1)]
        names = [shape.name for shape in shapes if isinstance(shape, RefShape) and shape.name in self.objects]
        if len(names) != len(shapes) or not names:
            self._unsupported(schema, "allOf", "`allOf` of other things than objects")
            return AnyShape()
        properties = {p.wire_name: p for part in names for p in self.objects[part].properties}
        copied = sum(_extent(p.shape, p.default, p.prose) for p in properties.values())
        self._budget.charge_output(copied, schema)
        return self._define(name, replace(self.objects[names[0]], properties=tuple(properties.values())), schema)

    def _any_of(self, schema: Node, keyword: str, name: str) -> Shape:
        if "enum" in schema.members():  # beside anyOf [string, null]: the enum is the closer description
            members = schema.get(keyword).items()
            nullable = any(part.get("type").value == "null" for part in members)
            shape = enumeration(schema, self._findings)
            return union([shape, NullShape()]) if nullable else shape
        parts = schema.get(keyword).items()
        shapes = [
            self.shape(part, name if len(parts) == 1 else f"{name}Option{index}")
            for index, part in enumerate(parts, start=1)
        ]
        if not shapes:
            self._unsupported(schema, keyword, f"`{keyword}` of nothing")
            return AnyShape()
        return union(shapes)

    def _of_types(self, schema: Node, kinds: list[Json], name: str) -> Shape:
        """A `type` that is a list: any of them."""
        if not kinds:
            self._findings.add(Code.BAD_KEYWORD, "`type` names no type; any value is taken", schema.get("type").source)
            return AnyShape()
        # There are seven types: whoever names more repeats himself, or is told about each.
        distinct = {canonical(one): one for one in kinds}
        self._budget.check_union(len(distinct), schema.get("type"))
        options = (schema._replace(value={**schema.members(), "type": one}) for one in distinct.values())
        return union([self._typed(option, name) for option in options])

    def _typed(self, schema: Node, name: str) -> Shape:
        kind = schema.get("type").value
        if isinstance(kind, list):
            return self._of_types(schema, kind, name)
        match kind:
            case "object":
                return self._object(schema, name)
            case "array":
                return array(schema, self.shape, name, self._findings)
            case "string":
                return string(schema, self._findings, self._budget)
            case "integer":
                return IntegerShape(bounds=whole(bounds(schema, self._findings)))
            case "number":
                return NumberShape(bounds=bounds(schema, self._findings))
            case "boolean":
                return BooleanShape()
            case "null":
                return NullShape()
            case None:
                return self._object(schema, name) if "properties" in schema.members() else self._open_type(schema)
            case _:
                self._findings.add(
                    Code.UNKNOWN_TYPE, f"unknown type {quoted(kind)}; any value is taken", schema.get("type").source
                )
                return AnyShape()

    def _open_type(self, schema: Node) -> Shape:
        """Without a type any value goes; if the schema says more than that, it is said here what was not understood."""
        for keyword in unknown_keywords(schema):
            self._unsupported(schema, keyword, f"`{keyword}` without a `type`")
        return AnyShape()

    # --- objects -------------------------------------------------------------------------------------------------

    def _object(self, schema: Node, name: str) -> Shape:
        if schema.get("properties").members():
            return self._define(name, self._definition(schema, name), schema)
        if not has_lost_properties(schema, self._findings):
            required_names(schema, self._findings)
        extra = schema.get("additionalProperties")
        if isinstance(extra.value, dict) and extra.value:
            return MapShape(values=self.shape(extra, name + "Value"))
        return MapShape(values=AnyShape())

    def _define(self, name: str, definition: ObjectDef, schema: Node) -> Shape:
        name = self._free(name, schema.source.pointer)
        self._budget.charge_object(len(self.objects) + 1, len(definition.properties), schema)
        self.objects[name] = replace(definition, wire_name=name, pointer=schema.source.pointer)
        return RefShape(name=name)

    def copied(self, types: int, definition: ObjectDef) -> None:
        """An object type that another one was copied to costs what one costs that is read."""
        written = sum(_extent(p.shape, p.default, p.prose) for p in definition.properties)
        self._budget.charge_object(types, len(definition.properties), self._resolved.output)
        self._budget.charge_output(written, self._resolved.output)

    def _definition(self, schema: Node, name: str) -> ObjectDef:
        required = required_names(schema, self._findings)
        properties = schema.get("properties")
        keys = [key for key in property_order(schema) if self._is_name(key, properties)]
        return ObjectDef(
            wire_name=name,
            properties=tuple(self._property(properties.get(key), key, key in required, name) for key in keys),
            extra=self._extra(schema, name),
            sealed=schema.get("additionalProperties").value is False,
            prose=prose(schema, self._budget),
        )

    def _is_name(self, key: str, properties: Node) -> bool:
        """Whether a property can be sent at all."""
        if not is_text(key):
            message = "a property whose name holds half a Unicode character cannot be sent; it is left out"
            self._findings.add(Code.BAD_KEYWORD, message, properties.source)
        return is_text(key)

    def _property(self, schema: Node, key: str, required: bool, owner: str) -> Property:
        # Of `_` nothing would be left, and the type in it would have its owner's own name.
        shape = self.shape(schema, owner + (key.replace("_", " ").title().replace(" ", "") or "Field"))
        default, text, said = schema.get("default"), self._default(schema), prose(schema, self._budget)
        self._budget.charge_output(_extent(shape, text, said), schema)
        if default.value is not None and not fits(
            default.value, shape, self.objects, lambda: self._budget.charge_check(default)
        ):
            self._findings.add(
                Code.DEFAULT_MISMATCH,
                "the default is none of the values allowed; it is documented as it is, and never sent",
                default.source,
            )
        return Property(
            wire_name=key,
            shape=shape,
            required=required,
            default=text,
            prose=said,
            pointer=schema.source.pointer,
            marked=not is_named_as_file(key) and is_marked_as_file(schema.value),
            media=self._media(schema, key, shape),
        )

    def _media(self, schema: Node, key: str, shape: Shape) -> MediaLimits | None:
        """What is said of files, where texts go that may be their URLs."""
        if taking_file(shape) == shape:
            return None
        return file_limits(schema, key, self._resolved.components, self._budget, self._findings)

    def _default(self, schema: Node) -> JsonText | None:
        """The default as the document gives it; `default: null` says no more than that the field may be left out."""
        value = schema.get("default")
        if value.value is None:
            return None
        text = canonical(value.value)
        self._budget.charge_prose(text, value)
        return text

    def _extra(self, schema: Node, name: str) -> Shape | None:
        extra = schema.get("additionalProperties")
        if extra.value in (None, False):
            return None
        shape = self.shape(extra, name + "Extra")
        self._budget.charge_output(extent(shape), extra)
        return shape

    def _unsupported(self, schema: Node, keyword: str, what: str) -> None:
        source = schema.source.child(keyword) if keyword in schema.members() else schema.source
        self._findings.add(Code.UNSUPPORTED_KEYWORD, f"{what} is not understood; any value is taken", source)


def _options(shape: Shape) -> int:
    """How many types a value of a shape may have."""
    return len(shape.members) if isinstance(shape, UnionShape) else 1


def property_order(schema: Node) -> list[str]:
    """Property names in fal's order; where it gives none: required first, then by name (JSON order is random)."""
    names = schema.get("properties").members()
    declared = schema.get("x-fal-order-properties").value
    ordered = [key for key in declared if isinstance(key, str) and key in names] if isinstance(declared, list) else []
    required = schema.get("required").value
    first = {key for key in required if isinstance(key, str)} if isinstance(required, list) else set[str]()
    rest = sorted(names.keys() - set(ordered), key=lambda key: (key not in first, key))
    return list(dict.fromkeys(ordered)) + rest


def _extent(shape: Shape, default: JsonText | None, said: Prose) -> int:
    """How many characters a property takes: what it is, and what is said of it."""
    return extent(shape) + len(default or "") + len(said.description) + sum(map(len, said.examples))
