"""Documents made to exhaust time or memory: each costs a bounded amount of both, and is answered by a diagnostic.

What is measured is a whole run in a process of its own: the processor's time, which does not depend on who else uses
the machine, and the highest resident memory.
"""

from __future__ import annotations

import json
import re
import resource
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, Project, document, obj, pretty, read_schema, ref, run_cli, spawn

from generator import limits
from generator.diagnostics import MESSAGES, Findings

if TYPE_CHECKING:
    from collections.abc import Callable

Capture = pytest.CaptureFixture[str]

SECONDS = 10
MIB = 512


def one(schema: Any, **components: Any) -> str:
    return json.dumps(document("fal-ai/x", input=obj({"it": schema}), components=components))


def many(schema: Callable[[int], Any], count: int, **components: Any) -> str:
    properties = {f"p{n}": schema(n) for n in range(count)}
    return json.dumps(document("fal-ai/x", input=obj(properties), components=components))


def chain(count: int, last: Any) -> dict[str, Any]:
    return {**{f"C{n}": ref(f"C{n + 1}") for n in range(count)}, f"C{count}": last}


def laughs(depth: int, make: Callable[[str], Any]) -> dict[str, Any]:
    """A billion of them: each component has the next one several times."""
    return {**{f"L{n}": make(f"L{n + 1}") for n in range(depth)}, f"L{depth}": obj({"a": STRING})}


def lists(inner: str) -> Any:
    return {"anyOf": [{"type": "array", "minItems": n, "items": ref(inner)} for n in range(3)]}


def circles(count: int) -> dict[str, Any]:
    return {f"C{n}": obj({f"p{m}": ref(f"C{m}") for m in range(count)}) for n in range(count)}


def quarrel(depth: int) -> str:
    """A default that is tried against two types, each of which has two, and so on: it fits none."""
    types = {
        f"{name}{n}": obj({"a": {"anyOf": [ref(f"A{n + 1}"), ref(f"B{n + 1}")]}, name: STRING}, required=["a"])
        for n in range(depth)
        for name in "AB"
    }
    last = obj({"z": INTEGER}, required=["z"])
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    it = {"anyOf": [ref("A0"), ref("B0")], "default": value}
    return one(it, **types, **{f"A{depth}": last, f"B{depth}": last})


# name → the document, the code that it is answered by (None: it is within the limits and merely large)
HOSTILE: dict[str, tuple[Callable[[], str], str | None]] = {
    "a hundred thousand brackets": (lambda: "[" * 100_000, "over-limit"),
    "16 MiB of brackets": (lambda: "[" + ",".join(["[" * 40 + "]" * 40] * 200_000) + "]", "over-limit"),
    "17 MiB": (lambda: one({**STRING, "description": "x" * 17 * 2**20}), "over-limit"),
    "15 MiB of prose": (lambda: one({**STRING, "description": "a, " * 5_000_000}), "over-limit"),
    "a million short lines": (lambda: one({**STRING, "description": "1\n" * 700_000}), None),
    "a million properties": (lambda: many(lambda n: {}, 1_000_000), "over-limit"),
    "as many properties as may be": (lambda: many(lambda n: {**STRING, "maxLength": n}, limits.PROPERTIES - 9), None),
    "as many types as may be": (
        lambda: many(
            lambda n: ref(f"T{n}"), 290, **{f"T{n}": obj({f"q{m}": INTEGER for m in range(5)}) for n in range(290)}
        ),
        None,
    ),
    "a million enum members": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(1_000_000)]}), "over-limit"),
    "eleven thousand enum members": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(11_000)]}), "over-limit"),
    "as many enum members as may be": (lambda: one({**STRING, "enum": [f"v{n}" for n in range(10_000)]}), None),
    "ten thousand references in a row": (lambda: one(ref("C0"), **chain(10_000, STRING)), "over-limit"),
    "ten thousand references in a circle": (lambda: one(ref("C0"), **chain(10_000, ref("C0"))), "over-limit"),
    "a billion laughs by allOf": (
        lambda: one(ref("L0"), **laughs(20, lambda inner: {"allOf": [ref(inner)] * 10})),
        None,
    ),
    "a billion laughs by anyOf": (lambda: one(ref("L0"), **laughs(20, lists)), "over-limit"),
    "types that all lead to all": (lambda: one(ref("C0"), **circles(14)), "over-limit"),
    "a default that fits no way": (lambda: quarrel(18), "default-mismatch"),
    "more to say than anybody reads": (lambda: many(lambda n: {"type": "zork"}, 1_900), "more"),
    "a number of ten thousand digits": (
        lambda: one({**INTEGER, "maximum": 7}).replace('"maximum": 7', '"maximum": ' + "9" * 10_000),
        "over-limit",
    ),
    "1e400": (lambda: one({"type": "number", "maximum": 7}).replace('"maximum": 7', '"maximum": 1e400'), "over-limit"),
    "patterns that are slow to compile": (
        lambda: many(lambda n: {**STRING, "pattern": rf"\w{{180}}{n}"}, 500),
        "bad-pattern",
    ),
    "a pattern of three megabytes": (lambda: one({**STRING, "pattern": "a" * 3_000_000}), "bad-pattern"),
    "a hundred thousand keys twice": (lambda: '{"openapi": "3.0.4"' + ', "a": 1' * 100_000 + "}", "duplicate-key"),
}

MEASURE = """
import resource, sys
from generator.cli import main
sys.argv = ["generator", "--project", sys.argv[1], "regenerate"]
try:
    main()
finally:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(one) for one in who]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    print(seconds, max(one.ru_maxrss for one in used) / 1024)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_it_costs_little_and_is_answered(name: str, project: Project) -> None:
    make, code = HOSTILE[name]
    project.put("fal-ai/x", make())
    project.add("fal-ai/good")
    done = spawn(["-c", MEASURE, str(project.root)], cwd=project.root)
    seconds, memory = map(float, done.out.split())
    assert "Traceback" not in done.err
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert memory < MIB, f"{memory:.0f} MiB"
    if code is None:
        assert done.code == 0, done.err
        compile(project.module("endpoints/x.py"), "x", "exec")
    else:
        assert f"[{code}]" in done.err
    assert "fal_typed/endpoints/good.py" in project.tree()


def test_a_reference_to_elsewhere_is_never_followed(project: Project, capsys: Capture) -> None:
    secret = project.root / "secret.json"
    secret.write_text('{"type": "string", "description": "x9secret"}', encoding="utf-8")
    targets = [secret.as_uri(), "../../secret.json", str(secret), "http://127.0.0.1:9/x.json", "#/info/title"]
    project.put("fal-ai/x", many(lambda n: {"$ref": targets[n]}, len(targets)))
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.err.count("[foreign-ref]")) == (0, len(targets))
    assert "x9secret" not in "".join(project.tree().values())


def test_lengths_that_pydantic_cannot_hold_are_left_out() -> None:
    found = read_schema({**STRING, "maxLength": 10**30})
    assert found.codes == ["bad-keyword"]
    assert read_schema({**STRING, "maxLength": limits.LENGTH}).codes == []


def test_the_largest_document_is_a_setting(tmp_path: Any, capsys: Capture) -> None:
    project = Project(tmp_path / "project", "max_document_mib = 1")
    project.add("fal-ai/x", input=obj({"it": {**STRING, "description": "x" * 2**20}}))
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 4
    assert (
        "specs/fal-ai/x.json: error: the document has 1.0 MiB; up to 1 MiB are read; set max_document_mib" in done.err
    )


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "true", '"16"', "1025"])
def test_a_size_that_is_none(value: str, tmp_path: Any, capsys: Capture) -> None:
    project = Project(tmp_path / "project", f"max_document_mib = {value}")
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 2
    assert "max_document_mib must be a whole number of MiB from 1 to 1024, not" in done.err


def test_brackets_commas_and_digits_in_strings_are_no_excess() -> None:
    for text in (
        '"' + "[" * 500 + '"',
        '"' + "," * 300_000 + '"',
        '"' + "9" * 400 + ' 1e999"',
        r'["\"[' + "[" * 200 + '"]',
    ):
        assert limits.excess(text.encode(), text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n" * 3 + "[" * 101 + "]" * 101, 4),
        ("[\n" + "1,\n" * 200_000 + "1]", 200_000),
        ('{"a":\n-1E+309}', 2),
        ("[\n" + "9" * 309 + "]", 2),
    ],
)
def test_the_line_of_an_excess(text: str, line: int) -> None:
    found = limits.excess(text.encode(), text)
    assert found is not None
    assert found.line == line


@pytest.mark.parametrize(
    "text", ["[" * 100 + "]" * 100, "[1e308, 1e-999, 17976931348623157" + "0" * 292 + "]", "1e+", "-"]
)
def test_what_is_not_too_much(text: str) -> None:
    assert limits.excess(text.encode(), text) is None


def test_only_so_many_warnings_and_every_error() -> None:
    from generator.diagnostics import Code, Source

    findings = Findings()
    for n in range(MESSAGES + 50):
        findings.add(Code.BAD_KEYWORD, "x", Source(path="a", pointer=f"/{n}"))
    findings.add(Code.NOT_JSON, "x", Source(path="a"))
    findings.add(Code.BAD_KEYWORD, "x", Source(path="b"))
    codes = [found.code for found in findings.all()]
    assert codes == [*[Code.BAD_KEYWORD] * MESSAGES, Code.MORE, Code.NOT_JSON, Code.BAD_KEYWORD]


def test_every_repeated_key_is_named_with_its_line(project: Project, capsys: Capture) -> None:
    text = pretty(document("fal-ai/x")).replace('"seed": {', '"seed": 1,\n"a/b": [{"k": 1, "k": 2}],\n"seed": {')
    project.put("fal-ai/x", text)
    lines = text.splitlines()
    found = re.findall(r"json:(\d+): warning: the key '(\w+)' .* \(#(.*)\)", run_cli(project, capsys, "regenerate").err)
    assert [key for _, key, _ in found] == ["k", "seed"]
    assert all(f'"{key}"' in lines[int(line) - 1] for line, key, _ in found)
    assert found[0][2] == "/components/schemas/XOutput/properties/a~1b/0/k"


def test_memory_is_measured_in_kibibytes() -> None:
    assert 8 * 1024 < resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 64 * 1024 * 1024
