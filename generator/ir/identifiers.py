"""What a name in Python may be: for classes, modules, fields and the segments of an id (a part of stage name)."""

from __future__ import annotations

import hashlib
import keyword
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

# What endpoint objects and namespaces call their own things, and what they may call so one day: taken later, a name
# would move what has it. The client is the first of the namespaces.
_KEPT_FREE = frozenset({"map", "input_schema", "output_schema", "requests", "once"})
_ENDPOINT_MEMBERS = _KEPT_FREE | {"run", "subscribe", "submit", "stream", "request", "with_options"}
# What the client object calls its own things; only the first segment of an id can meet them.
CLIENT_MEMBERS = frozenset({"endpoint", "endpoints", "request", "owners", "storage", "close", "aclose"})
# File names that Windows refuses, whatever their extension.
_WINDOWS = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
# Names that emitted modules use for other things, and those datamodel-code-generator would change.
RESERVED_CLASSES = frozenset(
    "TypeAlias TYPE_CHECKING Final Any Annotated Literal Mapping Required Self TypedDict Unpack Field None True False "
    "Endpoint AsyncEndpoint EndpointSpec Namespace AsyncNamespace Root AsyncRoot RequestHandle AsyncRequestHandle "
    "OnQueueUpdate AsyncOnQueueUpdate FalModel OpenModel RemoteFile AnyImage AnyVideo AnyAudio FileInput FileOrName "
    "LocalFile NO_PATH URL_ONLY SequenceNotStr SAME_TYPE OrModel UNIQUE_ITEMS SPEC BaseModel RootModel ConfigDict Enum "
    "Object Model Optional Union List Dict Type ChildNode".split()
)
# Attributes of pydantic's BaseModel and of our own models: a field of such a name would hide the method.
_MODEL_MEMBERS = frozenset(
    "copy json dict schema schema_json construct validate parse_obj parse_raw parse_file from_orm "
    "update_forward_refs model_config model_fields model_computed_fields model_extra model_fields_set "
    "model_construct model_copy model_dump model_dump_json model_json_schema model_parametrized_name "
    "model_post_init model_rebuild model_validate model_validate_json model_validate_strings download adownload "
    "file_data".split()
)
# A property that may keep its name: no `_` in front (that is private), and no end like those that are hashed have.
_FIELD = re.compile(r"(?!.*_x[0-9a-f]{8,}$)[A-Za-z][A-Za-z0-9_]*")
# Characters: of a hash, of what is kept in front of one, of a name that keeps itself, of a class that does. A module is
# called after its class, and file systems end at 255 bytes.
_HASH, _KEPT, _LONGEST = 8, 60, 200
# Names that annotations mean something else by: behind a field `int: int | None = None` the next line's `int` is None.
_ANNOTATION_NAMES = frozenset(
    "str int float bool list dict Any Annotated Literal Field Required Mapping SequenceNotStr OrModel".split()
)


def class_name(wire_name: str) -> str:
    """A class name for a component: its own where that is one, else its words, capitalized and joined."""
    name = wire_name
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name):
        words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]
        name = "".join(word[0].upper() + word[1:] for word in words) or "Unnamed"
        if not name[0].isalpha():
            name = "N" + name
    if len(name) > _LONGEST // 2:  # a module's name is longer: it gets an underscore for each word
        name = _hashed_class(name, wire_name, _HASH)
    return name + "Type" if name in RESERVED_CLASSES else name


def class_names(wire_names: Mapping[str, str], taken: Container[str], suffix: str) -> dict[str, str]:
    """Distinct class names for the object types of one module, by their names in the document.

    A name follows from the wire name, whatever the order in which the types are met. Of several that would be called
    the same, the one whose wire name is a class name keeps it, so no other component ever moves it; each of the rest
    gets a hash of what it is known by.

    Args:
        wire_names: The object types, each with what it is known by: a component by its name, one that stands in the
            open by its place.
        taken: Names that the module has for other things; a class of such a name yields, with the suffix behind it.
        suffix: `Param` or `Model`.
    """
    plain = {wire: class_name(wire) for wire in wire_names}
    wanted = {wire: name + suffix if name in taken else name for wire, name in plain.items()}
    together: dict[str, list[str]] = {}
    for wire, name in wanted.items():
        together.setdefault(name, []).append(wire)
    names: dict[str, str] = {}
    for name, wires in together.items():
        # At most two: `Image`, where that is taken, and `ImageParam`.
        own = sorted((w for w in wires if w == plain[w] == wire_names[w]), key=lambda wire: wire != name)
        if name not in taken and (own or len(wires) == 1):
            names[(own or wires)[0]] = name
    used = set(names.values())
    for wire in [wire for wire in wire_names if wire not in names]:
        length, name = _HASH, _hashed_class(plain[wire], wire_names[wire], _HASH)
        while name in used or name in taken:  # only malice makes it so
            length += _HASH
            name = _hashed_class(plain[wire], wire_names[wire], length)
        used.add(name)
        names[wire] = name
    return {wire: names[wire] for wire in wire_names}


def _hashed_class(name: str, known_by: str, length: int) -> str:
    return name[:_KEPT] + _digest(known_by)[:length].upper()


def module_name(class_: str) -> str:
    """The module that a shared class lives in: `LoraWeight` is in `lora_weight`."""
    words = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", class_)
    return _legal(words.lower())


def field_names(wire_names: Iterable[str], *, model: bool, classes: Iterable[str] = ()) -> dict[str, str]:
    """Python names for the properties of one object type, by wire name; distinct for distinct properties.

    A name follows from the wire name alone, so no property ever moves another. What is a good Python name stays as it
    is; one that is reserved gets `_` behind it; any other is made of what is legal in it and a hash of the whole.

    Args:
        wire_names: The properties.
        model: Whether they become attributes of a pydantic model, which has attributes of its own.
        classes: The class names that the type's annotations mention.
    """
    reserved = _ANNOTATION_NAMES | frozenset(classes) | (_MODEL_MEMBERS if model else frozenset[str]())
    names: dict[str, str] = {}
    taken: set[str] = set()
    for wire in dict.fromkeys(wire_names):
        name, length = _field(wire, reserved), _HASH
        while name in taken:  # two hashes that begin alike, which only malice makes
            length += _HASH
            name = _hashed(wire, length)
        taken.add(name)
        names[wire] = name
    return names


def _field(wire: str, reserved: frozenset[str]) -> str:
    if _FIELD.fullmatch(wire) and len(wire) <= _LONGEST:
        if keyword.iskeyword(wire) or wire in reserved:
            return wire + "_"
        plain = wire.rstrip("_")
        if plain == wire or not (keyword.iskeyword(plain) or plain in reserved):
            return wire
    return _hashed(wire, _HASH)


def _hashed(wire: str, length: int) -> str:
    """What is legal in a name, and a hash in a form that no name has which stays as it is."""
    legal = re.sub(r"[^A-Za-z0-9_]+", "_", wire).strip("_")[:_KEPT] or "field"
    return f"{'n' if legal[0].isdigit() else ''}{legal}_x{_digest(wire)[:length]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def segment_name(segment: str) -> str:
    """The attribute, and the module, that a segment of an id becomes."""
    name = _legal(re.sub(r"[^a-z0-9_]+", "_", segment.lower()).lstrip("_"))
    return name + "_" if name in _ENDPOINT_MEMBERS or name in _WINDOWS else name


def _legal(name: str) -> str:
    """A name made of legal characters, made a legal identifier."""
    if not name or name[0].isdigit():
        name = "n" + name
    return name + "_" if keyword.iskeyword(name) else name


def class_of_id(segments: list[str]) -> str:
    """As fal names its own components: pieces of the id, each with its first letter raised, dots left out."""
    pieces = [piece for piece in re.split(r"[-/_]", "/".join(segments).replace(".", "")) if piece]
    name = "".join(piece[0].upper() + piece[1:] for piece in pieces)
    name = re.sub(r"[^A-Za-z0-9]", "", name)
    if not name or not name[0].isalpha():
        name = "N" + name
    return name + "Endpoint" if name in RESERVED_CLASSES else name
