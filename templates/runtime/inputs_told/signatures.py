"""The signature of a verb with every input in it, for whoever asks at run time: completers, `help`, `mock`."""

# design: When is the signature of a verb made?

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from typing_extensions import NoExtraItems

from .rows import NO_DEFAULT, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..inputs.spec import EndpointSpec
    from .rows import InputRow

_LONGEST_DEFAULT = 60
_MODULES = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")


@dataclass(frozen=True, slots=True)
class AsText:
    """What stands in a signature as it is to be read: the text is its `repr`.

    Attributes:
        text: How it is shown.
        value: What it stands for, if that is not the text.
    """

    text: str
    value: object = None

    def __repr__(self) -> str:
        return self.text


def signature_of(package: str, spec: EndpointSpec, verb: Callable[..., Any]) -> Signature:
    """The signature of a verb: each input by name, then the verb's own options. What it returns stays as it is.

    Args:
        package: The package whose data is read; see `rows_of`.
        spec: What is known of the endpoint.
        verb: The function as it was emitted, which takes all inputs as `**input`.
    """
    written = inspect.signature(verb)
    rows = rows_of(package, spec)
    own = [one for one in written.parameters.values() if one.kind is Parameter.KEYWORD_ONLY]
    taken = {row.name for row in rows} | {one.name for one in own}
    parameters = [
        Parameter(_free("self", taken), Parameter.POSITIONAL_ONLY),
        *map(_input, rows),
        *(one.replace(annotation=_plain(one.annotation)) for one in own),
        *([Parameter(_free("more", taken), Parameter.VAR_KEYWORD)] if _is_open(spec.input) else []),
    ]
    return Signature(parameters, return_annotation=written.return_annotation)


def _input(row: InputRow) -> Parameter:
    default = Parameter.empty if row.required else _default(row.default)
    return Parameter(row.name, Parameter.KEYWORD_ONLY, default=default, annotation=AsText(row.type))


def _default(value: object) -> object:
    """A default as it can be shown; a long one is cut."""
    text = repr(value)
    return value if len(text) <= _LONGEST_DEFAULT else AsText(f"{text[: _LONGEST_DEFAULT - 2]} …", value)


def _plain(annotation: object) -> AsText:
    """The annotation of an option without the modules that its names are from."""
    return AsText(_MODULES.sub("", inspect.formatannotation(annotation)))


def _free(name: str, taken: set[str]) -> str:
    return next(one for one in _underscored(name) if one not in taken)


def _underscored(name: str) -> Iterator[str]:
    while True:
        yield name
        name += "_"


def _is_open(input_type: Any) -> bool:
    """Whether inputs that the document does not name are welcome."""
    return getattr(input_type, "__extra_items__", NoExtraItems) is not NoExtraItems


__all__ = ["NO_DEFAULT", "AsText", "signature_of"]
