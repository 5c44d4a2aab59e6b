"""Attributes of fal-client: what they are called here."""

# design: Who hints at the right spelling?

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# fal-client's functions that take an endpoint's id are its verbs here.
_VERBS = ("run", "subscribe", "submit", "stream")
_ANY = "'owner/name'"
_NO_WEBSOCKET = "there are no websockets here"
# What fal-client has in its module and its clients, beside the verbs. The first word of it is what `fal` has.
_ON_CLIENT = {
    **{name: f".endpoints[{_ANY}].request('request-id').{name}()" for name in ("status", "result", "cancel")},
    "get_handle": f".endpoints[{_ANY}].request('request-id')",
    "upload": ".storage.upload(data, content_type=...)",
    "upload_file": ".storage.upload(pathlib.Path(...)); an input that takes a file takes the Path itself",
    "upload_image": ".storage.upload(image); an input that takes a file takes the image itself",
}
_ENCODED = {
    "encode": "data_uri(data, content_type=...)",
    "encode_file": "data_uri(pathlib.Path(...))",
    "encode_image": "data_uri(image)",
}
_SETTINGS = {
    "key": "the key is given as credentials=..., and cannot be read",
    "default_timeout": "it is given as timeout=... or http_timeout=...",
    "fal_ai": "the endpoints of fal-ai have no owner before them: 'fal-ai/flux-1/schnell' would be .flux_1.schnell",
}
_ON_HANDLE = {
    "get": ".result()",
    "iter_events": ".updates()",
    **{f"{name}_url": f".to_dict()['{name}_url']" for name in ("response", "status", "cancel")},
}
_IN_MODULE = {
    "SyncClient": "Fal",
    "sync_client": "Fal",
    "AsyncClient": "AsyncFal",
    "async_client": "AsyncFal",
    "FalClientError": "FalError",
    "FalClientHTTPError": "APIStatusError",
    "FalClientTimeoutError": "DeadlineExceededError",
    "SyncRequestHandle": "RequestHandle",
    "Status": "QueueStatus",
    "StorageSettings": "the arguments expires_in= and initial_acl= of storage.upload",
    **_ENCODED,
}
_SHOWN = 5


def client_hint(name: str, package: str, *, owners: object = None) -> str:
    """For an attribute that a client does not have: what fal-client's function of that name is here, or nothing.

    Args:
        name: The attribute.
        package: The package of the client.
        owners: What holds the endpoints of owners other than fal-ai.
    """
    plain = name.removesuffix("_async")
    awaited = "" if plain == name else "awaited, of AsyncFal: "
    if plain in _ENCODED:
        return f"; it is {package}.{_ENCODED[plain]}"
    if plain == "stream":
        return f"; {awaited}endpoints that stream have it, and .endpoint({_ANY}).stream({{...}}) tries with any"
    if plain in _VERBS:
        return f"; {awaited}each endpoint has its own: .endpoints[{_ANY}].{plain}(...)"
    if plain in ("realtime", "ws_connect"):
        return f"; {_NO_WEBSOCKET}"
    if plain in _ON_CLIENT:
        return f"; {awaited}it is {_ON_CLIENT[plain]}"
    if name in _SETTINGS:
        return f"; {_SETTINGS[name]}"
    return f"; it is .owners.{name}" if hasattr(type(owners), name) else ""


def module_hint(name: str) -> str:
    """For a name that the package does not have: what fal-client's of that name is here, or nothing."""
    plain = name.removesuffix("_async")
    client = "Fal()" if plain == name else "AsyncFal()"
    if name in _IN_MODULE:
        return f"; it is {_IN_MODULE[name]}"
    if plain in _VERBS:
        return f"; it is a method of each endpoint of a client: {client}.endpoints[{_ANY}].{plain}(...)"
    if plain in ("realtime", "ws_connect"):
        return f"; {_NO_WEBSOCKET}"
    return f"; it is {client}{_ON_CLIENT[plain]}" if plain in _ON_CLIENT else ""


def endpoint_hint(name: str, endpoint_id: str) -> str:
    """For an attribute that an endpoint does not have, or nothing."""
    if name == "stream":
        return (
            f": {endpoint_id} is not noted as streaming; subscribe(on_queue_update=...) follows it,"
            f" and .endpoint({endpoint_id!r}).stream({{...}}) tries all the same"
        )
    if name in ("realtime", "ws_connect"):
        return f"; {_NO_WEBSOCKET}: use subscribe(...) or run(...)"
    if name in ("status", "result", "cancel", "get_handle"):
        return f"; it is .request('request-id'){'' if name == 'get_handle' else f'.{name}()'}"
    if name.endswith("_async") and name.removesuffix("_async") in _VERBS:
        return f"; it is {name.removesuffix('_async')} of AsyncFal, awaited"
    return ""


def namespace_hint(below: Iterator[str]) -> str:
    """For a name that was taken for an endpoint: those below it."""
    paths = [path for path, _ in zip(below, range(_SHOWN + 1), strict=False)]
    shown = ", ".join(f".{path}" for path in paths[:_SHOWN])
    return f"; it is no endpoint, but has some below it: {shown}{', ...' if len(paths) > _SHOWN else ''}"


def handle_hint(name: str) -> str:
    """For an attribute that a request's handle does not have, or nothing."""
    return f"; it is {_ON_HANDLE[name]}" if name in _ON_HANDLE else ""


def storage_hint(name: str) -> str:
    """For an attribute that a client's storage does not have, or nothing."""
    meant = _ON_CLIENT.get(name.removesuffix("_async"), "") if name.startswith("upload") else ""
    return f"; it is {meant.removeprefix('.storage')}" if meant else ""
