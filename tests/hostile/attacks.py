"""Attacks on code generators that were reported, each rebuilt as a document of fal's form.

The advisories are about generators for several languages; what is kept of each is the place in the document that its
generator trusted. The payload is Python's: what would break out of a string, a comment, a docstring or a name here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from support import STRING, document, obj, ref

if TYPE_CHECKING:
    from collections.abc import Callable

_DEED = "__import__('pathlib').Path('MARKER').touch()"
# What stands before the deed closes what a careless template opened.
PAYLOADS = {
    "double quotes": f'"+str({_DEED})+"',
    "single quotes": f"'+str({_DEED})+'",
    "a list of strings": f'"], {_DEED}, ["',
    "a docstring": f'"""\n{_DEED}\n"""',
    "a docstring's end": f'\\"""\n    {_DEED}\n    x = """',
    "a backslash before the quote": f"\\';{_DEED}#",
    "a comment": f"\n{_DEED}\n#",
    "a carriage return": f"\r{_DEED}\r#",
    "a form feed and line separators": f"\x0c\u2028\x85\x1c\x0b{_DEED}",
    "a name": f"x: int = {_DEED}",
    "an f-string": f"{{{_DEED}}}",
    "a template": "{{ ''.__class__.__mro__ }}{% import 'os' as os %}{{ cycler.__init__.__globals__ }}",
    "a quoted type": _DEED,
    "an encoding": f"# -*- coding: utf-7 -*-\n+AAo-{_DEED}",
    "a path": f"../../{'x' * 9}/MARKER",
}


def _with_property(endpoint_id: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _moded(document(endpoint_id, input=obj({"it": schema}), **more))


def _moded(data: dict[str, Any]) -> dict[str, Any]:
    """`mode` is what `batches.lost_members` looks for."""
    name = next(name for name in data["components"]["schemas"] if name.endswith("Input"))
    data["components"]["schemas"][name]["properties"]["mode"] = {"type": "string", "enum": ["a", "'\"\\\n"]}
    return data


def _path(endpoint_id: str, text: str) -> dict[str, Any]:
    data = _moded(document(endpoint_id))
    data["paths"] = {key.replace(f"/{endpoint_id}", f"/{endpoint_id}{text}"): i for key, i in data["paths"].items()}
    return data


def _path_beside(endpoint_id: str, text: str) -> dict[str, Any]:
    data = _path(endpoint_id, text)
    return {**data, "paths": {**data["paths"], **document(endpoint_id)["paths"]}}


def _info(endpoint_id: str, text: str) -> dict[str, Any]:
    data = _moded(document(endpoint_id, about=text))
    data["info"] |= {"title": text, "description": text, "version": text}
    data["info"]["x-fal-metadata"] |= {"category": text, "documentationUrl": text, "endpointId": text}
    return data


def _server(endpoint_id: str, text: str) -> dict[str, Any]:
    return {**_moded(document(endpoint_id)), "servers": [{"url": text, "description": text}]}


def _extension(*keys: str) -> Callable[[str, str], dict[str, Any]]:
    return lambda endpoint_id, text: _with_property(
        endpoint_id, {**STRING, **dict.fromkeys(keys, text)}, output=obj({"x": STRING}, **dict.fromkeys(keys, text))
    )


def _keyword(key: str, value: Callable[[str], Any]) -> Callable[[str, str], dict[str, Any]]:
    return lambda endpoint_id, text: _with_property(endpoint_id, {**STRING, key: value(text)})


def _component(endpoint_id: str, text: str) -> dict[str, Any]:
    inner = {text: obj({text: STRING}, description=text)}
    return _with_property(endpoint_id, ref(text), components=inner, output=obj({"x": ref(text)}))


# name → the advisory, and the document
ATTACKS: dict[str, tuple[str, Callable[[str, str], dict[str, Any]]]] = {
    "opc-code": ("openapi-python-client, GHSA-9x4c-63pf-525f", _keyword("default", str)),
    "opc-enum": ("openapi-python-client, GHSA-9x4c-63pf-525f", _keyword("enum", lambda text: [text, "b"])),
    "opc-description": ("openapi-python-client, GHSA-9x4c-63pf-525f", _keyword("description", str)),
    "opc-title": ("openapi-python-client, CVE-2020-15141 (a title becomes a path)", _info),
    "dcg-base": ("datamodel-code-generator, CVE-2026-63720", _extension("customBasePath")),
    "dcg-import": (
        "datamodel-code-generator, GHSA-5578-w22f-pfx9",
        lambda endpoint_id, text: _with_property(
            endpoint_id,
            {
                **STRING,
                "customTypePath": text,
                "x-python-import": {"module": text, "name": text},
                "x-python-type": text,
            },
        ),
    ),
    "orval-enum": ("orval, CVE-2026-23947", _extension("x-enumDescriptions", "x-enum-descriptions", "x-enumNames")),
    "orval-default": ("orval, CVE-2026-72716 (GHSA-p4cg-3328-rvfg)", _keyword("default", lambda text: {text: [text]})),
    "swagger-info": ("swagger-codegen, CVE-2016-5641", _info),
    "swagger-path": ("swagger-codegen, issue 11309", _path),
    "swagger-server": ("swagger-codegen, CVE-2016-5641 (basePath)", _server),
    "swagger-yaml": (
        "swagger-codegen, CVE-2017-1000207 (tags of YAML)",
        _keyword("example", lambda text: {"!!python/object/apply:os.system": [text]}),
    ),
    "generator-path": ("openapi-generator, issue 9809", _path_beside),
    "kiota-literal": ("Kiota's Python, GHSA-7f3j-j7jj-r3vr", _keyword("const", str)),
    "oapi-comment": ("oapi-codegen, GHSA-rjwr-m7qx-3fjr", _server),
    "oapi-enum": ("oapi-codegen, GHSA-xrqw-w576-xgj2", _keyword("enum", lambda text: [f"a{text}", text])),
    "oapi-import": ("oapi-codegen, GHSA-9c2f-gr95-7wqw", _extension("x-go-type-import", "x-go-type")),
    "typescript-names": ("openapi-typescript-codegen, issue 2809", _component),
    "pattern": ("openapi-typescript-codegen, issue 2809", _keyword("pattern", str)),
    "format": ("openapi-generator, issue 9809", _keyword("format", str)),
    "reference": ("swagger-codegen, CVE-2017-1000208", lambda one, text: _with_property(one, {"$ref": text})),
}
