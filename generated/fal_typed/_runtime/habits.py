"""What people type who know fal-client or dicts, and what is meant: hints for messages, read when a call has failed."""

# design: Who hints at the right spelling?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .checks import is_object, is_sequence, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# fal-client's functions that take an endpoint's id are its verbs here.
_VERBS = ("run", "subscribe", "submit", "stream")
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
_NO_WEBSOCKET = "there are no websockets here"
# What fal-client has in its module and its clients, beside the verbs; `{id}` is an endpoint's.
_ON_CLIENT = {
    **{name: f".endpoints[{{id!r}}].request('request-id').{name}()" for name in ("status", "result", "cancel")},
    "get_handle": ".endpoints[{id!r}].request('request-id')",
    "upload": ".storage.upload(data, content_type=...)",
    "upload_file": ".storage.upload(pathlib.Path(...)); an input that takes a file takes the Path itself",
    "upload_image": ".storage.upload(image); an input that takes a file takes the image itself",
    "encode": "{package}.data_uri(data, content_type=...)",
    "encode_file": "{package}.data_uri(pathlib.Path(...))",
    "encode_image": "{package}.data_uri(image)",
}
_ON_HANDLE = {
    "get": ".result()",
    "iter_events": ".updates()",
    **{f"{name}_url": f".to_dict()['{name}_url']" for name in ("response", "status", "cancel")},
}
_SHOWN = 5


def input_hint(name: str, value: object) -> str:
    """For an input that there is none of: what it is called here, or nothing."""
    if name in _ARGUMENTS:
        return f"; inputs are keyword arguments: ({_keyword(value)}=...) or (**{{...}})"
    if name in _OPTIONS:
        return f"; the option is {_OPTIONS[name]}: .with_options({_OPTIONS[name]}=...)"
    return f"; {_NO_OPTION[name]}" if name in _NO_OPTION else ""


def positional_error(verb: str, wrong: tuple[object, ...], inputs: Iterable[str]) -> TypeError:
    """For inputs that were given by position.

    Args:
        verb: The method, with its class.
        wrong: What was given.
        inputs: The names that there are.
    """
    names = [*inputs]
    example = _keyword(wrong[0], "prompt" if "prompt" in names or not names else names[0])
    short = verb.rpartition(".")[2]
    return TypeError(f"{verb}() takes inputs as keyword arguments: {short}({example}=...) or {short}(**{{...}})")


def _keyword(value: object, other: str = "prompt") -> str:
    """A name to show in a call: that of what was given."""
    first: object = next(iter(value), None) if is_object(value) else None
    return first if isinstance(first, str) and first.isidentifier() else other


def client_argument_error(kind: str, name: str, known: Iterable[str]) -> TypeError:
    """For an argument that a client does not take."""
    meant = _CLIENT_ARGUMENTS.get(name)
    hint = f"; it is {meant}" if meant else suggestion(name, known)
    return TypeError(f"{kind}() got an unexpected keyword argument {name!r}{hint}")


def client_hint(name: str, ids: Iterable[str], package: str) -> str:
    """For an attribute that a client does not have: what fal-client's function of that name is here, or nothing."""
    plain = name.removesuffix("_async")
    awaited = "" if plain == name else " of AsyncFal, awaited"
    example = next(iter(ids), "owner/name")
    if plain == "stream":
        return f"; endpoints that stream have it{awaited}, and .endpoint('owner/name').stream({{...}}) tries with any"
    if plain in _VERBS:
        return f"; each endpoint has its own{awaited}: .endpoints[{example!r}].{plain}(...)"
    if plain in ("realtime", "ws_connect"):
        return f"; {_NO_WEBSOCKET}"
    meant = _ON_CLIENT.get(plain)
    return f"; it is {meant.format(id=example, package=package)}{awaited}" if meant else ""


def endpoint_hint(name: str, endpoint_id: str) -> str:
    """For an attribute that an endpoint does not have, or nothing."""
    if name == "stream":
        return (
            f": {endpoint_id} does not stream, as far as its documents say; subscribe(on_queue_update=...) follows it,"
            f" and .endpoint({endpoint_id!r}).stream(...) tries all the same"
        )
    if name in ("realtime", "ws_connect"):
        return f"; {_NO_WEBSOCKET}: use subscribe(...) or run(...)"
    if name in ("status", "result", "cancel", "get_handle"):
        return f"; it is .request('request-id'){'' if name == 'get_handle' else f'.{name}()'}"
    if name.endswith("_async") and name.removesuffix("_async") in _VERBS:
        return f"; it is {name.removesuffix('_async')} of AsyncFal, awaited"
    return ""


def endpoint_call_hint(given: Mapping[str, Any]) -> str:
    """For an endpoint that was called itself."""
    return f"; use .subscribe({next(iter(given), 'prompt')}=...), .run(...) or .submit(...)"


def namespace_hint(below: Iterator[str]) -> str:
    """For a name that was taken for an endpoint: those below it."""
    paths = [path for path, _ in zip(below, range(_SHOWN + 1), strict=False)]
    shown = ", ".join(f".{path}" for path in paths[:_SHOWN])
    return f"; it is no endpoint, but has some below it: {shown}{', ...' if len(paths) > _SHOWN else ''}"


def handle_hint(name: str) -> str:
    """For an attribute that a request's handle does not have, or nothing."""
    return f"; it is {_ON_HANDLE[name]}" if name in _ON_HANDLE else ""


def subscript_error(value: object, key: object, names: Mapping[str, str]) -> TypeError:
    """For an object that was taken for a dict.

    Args:
        value: The object.
        key: What was asked for.
        names: Its attributes, by the names that a dict would have.
    """
    attribute = names.get(key) if isinstance(key, str) else None
    if attribute is not None:
        hint = f"; it has attributes: .{attribute}"
    elif isinstance(key, str):
        hint = suggestion(key, names)
    else:
        hint = ""
    return TypeError(f"{type(value).__name__!r} object is not subscriptable{hint}")


def size_hint(value: object, fields: Iterable[str]) -> str:
    """For a size that was given as a pair, where an object with a width and a height is wanted; or nothing."""
    if not is_sequence(value) or [*map(type, value)] != [int, int] or not {"width", "height"} <= {*fields}:
        return ""
    width, height = value
    return f'; a size is {{"width": {width}, "height": {height}}}'
