"""Arguments of fal-client, and inputs given as fal-client takes them: how they are given here."""

# design: Who hints at the right spelling?

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from ..checks import LONGEST_QUOTED, is_object, is_sequence, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ARGUMENTS = frozenset(("arguments", "input", "inputs"))
_OPTIONS = {"with_logs": "logs", "client_timeout": "timeout", "interval": "poll_interval"}
_NO_OPTION = {
    "on_enqueue": "there is no such callback: every update has the request_id, and so has the handle of submit(...)",
    "path": "a path is a part of the id: .endpoint('owner/name/path')",
    "method": "a model is called by POST alone",
    "application": "the endpoint itself knows its id",
}
_CLIENT_ARGUMENTS = {
    "key": "credentials=",
    "api_key": "credentials=",
    "fal_key": "credentials=",
    "token": "credentials=",
    "default_timeout": "timeout= for a whole call, or http_timeout= for one exchange (which fal-client's is)",
    "base_url": "hosts=",
}
_IN_UPLOADS = {"lifecycle": "expires_in= and initial_acl=", "path": "the first argument, a pathlib.Path"}


def input_hint(name: str, value: object, known: Iterable[str]) -> str:
    """For an input that there is none of: what it is called here, or nothing.

    Args:
        name: What was given.
        value: Its value.
        known: The inputs that there are; none where nothing is known of them.
    """
    names = [*known]
    if name in _ARGUMENTS:
        meant = f"inputs are keyword arguments: ({_keyword(value, _example(names))}=...) or (**{{...}})"
    elif name in _OPTIONS:
        option = _OPTIONS[name]
        short = "subscribe(logs=...), or " if option == "logs" and "logs" not in names else ""
        meant = f"the option is {option}: {short}.with_options({option}=...)"
    else:
        meant = _NO_OPTION.get(name, "")
    # `interval` may be what is called `frame_interval` here, as well as fal-client's.
    near = suggestion(name, (each for each in names if name in each.split("_")), cutoff=0.0)
    return f"{near} If not: {meant}" if near and meant else f"; {meant}" if meant else near


def dynamic_problem(name: str, value: object) -> str:
    """For an option that was given as an input of an endpoint that nothing is known of."""
    if name == "arguments":
        return f"is not given by name; inputs are a dict by position: ({_dict(value)}), or (**{{...}})"
    meant = input_hint(name, value, ()) or f"; it is an option: .with_options({name}=...)"
    return f"is not taken for an input{meant}; an input of that name is given in a dict: ({{{quoted(name)}: ...}})"


def positional_error(verb: str, wrong: tuple[object, ...], inputs: Iterable[str]) -> TypeError:
    """For inputs that were given by position.

    Args:
        verb: The method, with its class.
        wrong: What was given.
        inputs: The names that there are.
    """
    example = _keyword(wrong[0], _example([*inputs]))
    short = verb.rpartition(".")[2]
    return TypeError(f"{verb}() takes inputs as keyword arguments: {short}({example}=...) or {short}(**{{...}})")


def endpoint_call_hint(given: Mapping[str, Any], inputs: Iterable[str], options: Iterable[str]) -> str:
    """For an endpoint that was called itself.

    Args:
        given: What it was called with.
        inputs: The names of its inputs.
        options: Those of options.
    """
    known = [*inputs]
    foreign = {*_ARGUMENTS, *_OPTIONS, *_NO_OPTION, *options} - {*known}
    held = next((value for name, value in given.items() if name in _ARGUMENTS), None)
    other = next((name for name in given if name not in foreign and len(name) <= LONGEST_QUOTED), None)
    name = other or _keyword(held, _example(known))
    return f"; use .subscribe({name}=...), .run(...) or .submit(...)"


def _example(names: list[str]) -> str:
    return "prompt" if "prompt" in names or not names else names[0]


def _keyword(value: object, other: str) -> str:
    """A name to show in a call: that of what was given."""
    first: object = next(iter(value), None) if is_object(value) else None
    if not isinstance(first, str) or not first.isidentifier() or iskeyword(first) or len(first) > LONGEST_QUOTED:
        return other
    return first


def _dict(value: object) -> str:
    first: object = next(iter(value), None) if is_object(value) else None
    return f"{{{quoted(first if isinstance(first, str) else 'prompt')}: ...}}"


def client_argument_error(kind: str, name: str, known: Iterable[str]) -> TypeError:
    """For an argument that a client does not take."""
    meant = _CLIENT_ARGUMENTS.get(name)
    hint = f"; it is {meant}" if meant else suggestion(name, known)
    return TypeError(f"{kind}() got an unexpected keyword argument {quoted(name)}{hint}")


def argument_error(method: str, name: str, known: Iterable[str]) -> TypeError:
    """For an argument that another method does not take.

    Args:
        method: The method, with its class.
        name: The argument.
        known: Those that there are.
    """
    option, names, short = _OPTIONS.get(name, ""), [*known], method.rpartition(".")[2]
    if short == "upload" and name in _IN_UPLOADS:
        hint = f"; it is {_IN_UPLOADS[name]}"
    elif option in names:
        hint = f"; it is {option}="
    elif option and short != "with_options":
        hint = f"; it is an option of the endpoint: .with_options({option}=...)"
    elif short == "with_options" and name in _NO_OPTION:
        hint = f"; {_NO_OPTION[name]}"
    else:
        hint = suggestion(name, names)
    return TypeError(f"{method}() got an unexpected keyword argument {quoted(name)}{hint}")


def size_hint(value: object, fields: Iterable[str]) -> str:
    """For a size that was given as a pair, where an object with a width and a height is wanted; or nothing."""
    if not is_sequence(value) or [*map(type, value)] != [int, int] or not {"width", "height"} <= {*fields}:
        return ""
    width, height = value
    return f'; a size is {{"width": {width}, "height": {height}}}'
