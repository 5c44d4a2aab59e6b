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
    return {**_moded(document(endpoint_id)), "servers": [{"url": text, "description": text, "x-go-name": text}]}


def _extension(*keys: str) -> Callable[[str, str], dict[str, Any]]:
    return lambda endpoint_id, text: _with_property(
        endpoint_id, {**STRING, **dict.fromkeys(keys, text)}, output=obj({"x": STRING}, **dict.fromkeys(keys, text))
    )


def _keyword(key: str, value: Callable[[str], Any]) -> Callable[[str, str], dict[str, Any]]:
    return lambda endpoint_id, text: _with_property(endpoint_id, {**STRING, key: value(text)})


def _component(endpoint_id: str, text: str) -> dict[str, Any]:
    inner = {text: obj({text: STRING}, description=text)}
    return _with_property(endpoint_id, ref(text), components=inner, output=obj({"x": ref(text)}))


def _union(endpoint_id: str, text: str) -> dict[str, Any]:
    union = {"oneOf": [STRING, obj({"a": STRING}, description=text)], "description": text, "title": text}
    return _with_property(endpoint_id, union, components={"U": union}, output=obj({"x": ref("U")}))


def _operation(endpoint_id: str, text: str) -> dict[str, Any]:
    """An operation's own texts: its summary, its parameters' names, and the types of media that it takes."""
    data = _moded(document(endpoint_id))
    operation = data["paths"][f"/{endpoint_id}"]["post"]
    operation |= {"summary": text, "description": text, "operationId": text, "tags": [text], "x-go-name": text}
    operation["parameters"] = [{"name": text, "in": "query", "description": text, "schema": STRING}]
    operation["requestBody"]["content"][text] = {"schema": STRING}
    operation["responses"]["200"]["headers"] = {text: {"schema": STRING}}
    return data


# name → where it was reported, as far as it was, and the document
ATTACKS: dict[str, tuple[str, Callable[[str, str], dict[str, Any]]]] = {
    "opc-default": ("openapi-python-client, CVE-2020-15142 and CVE-2026-105801", _keyword("default", str)),
    "opc-enum": ("openapi-python-client, CVE-2020-15142", _keyword("enum", lambda text: [text, "b"])),
    "opc-description": ("openapi-python-client, CVE-2026-105801 (docstrings)", _keyword("description", str)),
    "opc-path": ("openapi-python-client, CVE-2020-15141 (a text becomes a path)", _info),
    "dcg-base": ("datamodel-code-generator, CVE-2026-63720", _extension("customBasePath")),
    "dcg-import": (
        "datamodel-code-generator, CVE-2026-55415",
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
    "dcg-factory": ("datamodel-code-generator, CVE-2026-54653", _extension("default_factory", "default-factory")),
    "dcg-union": ("datamodel-code-generator, CVE-2026-54621 (a description becomes a comment)", _union),
    "dcg-validators": (
        "datamodel-code-generator, CVE-2026-54656 and CVE-2026-54654 (there by its options)",
        _extension("validators", "comment", "fal_typed", "x-fal_typed"),
    ),
    "orval-enum": (
        "orval, CVE-2026-23947 and CVE-2026-25141",
        _extension("x-enumDescriptions", "x-enum-descriptions", "x-enumNames"),
    ),
    "orval-const": ("orval, CVE-2026-24132", _keyword("const", str)),
    "orval-default": ("orval, CVE-2026-72716", _keyword("default", lambda text: {text: [text]})),
    "orval-date": (
        "orval, CVE-2026-96756",
        lambda one, text: _with_property(one, {**STRING, "format": "date-time", "default": text}),
    ),
    "orval-operation": ("orval, CVE-2026-22785 (summary) and CVE-2026-96757 (media type)", _operation),
    "orval-property": ("orval, CVE-2026-71867 and CVE-2026-96758 (a property's name)", _component),
    "swagger-info": ("swagger-codegen, CVE-2016-5641", _info),
    "swagger-path": ("swagger-codegen, issue 11309", _path),
    "swagger-yaml": (
        "swagger-codegen, CVE-2017-1000207 and CVE-2017-1000208 (tags of YAML)",
        _keyword("example", lambda text: {"!!python/object/apply:os.system": [text]}),
    ),
    "generator-path": ("openapi-generator, issue 9809", _path_beside),
    "kiota-literal": ("Kiota, CVE-2026-41134", _keyword("examples", lambda text: [text, {text: text}])),
    "kiota-enum": (
        "Kiota's Python, CVE-2026-59862",
        lambda one, text: _with_property(
            one, {"enum": ["a"], "x-ms-enum": {"name": text, "values": [{"value": "a", "description": text}]}}
        ),
    ),
    "oapi-server": ("oapi-codegen, GHSA-rjwr-m7qx-3fjr and CVE-2026-119027", _server),
    "oapi-import": ("oapi-codegen, GHSA-9c2f-gr95-7wqw", _extension("x-go-type-import", "x-go-type")),
    "sta-enum": ("swagger-typescript-api, CVE-2026-54664", _keyword("enum", lambda text: [f"a{text}", text])),
    "sta-server": ("swagger-typescript-api, CVE-2026-54661 and CVE-2026-54662", _server),
    "sta-path": ("swagger-typescript-api, CVE-2026-54666", _path_beside),
    "otc-names": ("openapi-typescript-codegen, CVE-2026-108551", _operation),
    "fabric8-enum": (
        "kubernetes-client's generator, pull request 7954",
        _extension("x-kubernetes-fabric8-type", "x-kubernetes-fabric8-enum-values"),
    ),
    # What no report is known of; other generators write these texts into code as well.
    "pattern": ("", _keyword("pattern", str)),
    "format": ("", _keyword("format", str)),
    "reference": ("", lambda one, text: _with_property(one, {"$ref": text})),
    "order": ("", _keyword("x-fal-order-properties", lambda text: [text, [text], {text: text}])),
    "discriminator": (
        "",
        lambda one, text: _with_property(
            one,
            {
                "oneOf": [obj({text: {"const": text}}), obj({text: {"const": "b"}})],
                "discriminator": {"propertyName": text, "mapping": {text: text, "b": f"file:///{text}"}},
            },
        ),
    ),
}
