"""Documents made to exhaust time or memory: each costs a bounded amount of both, and is answered by a diagnostic.

What is measured is a whole run in a process of its own: the processor's time, which does not depend on who else uses
the machine, and the highest resident memory.
"""

from __future__ import annotations

import json
import re
import resource
import time
from typing import Any

import pytest
from support import INTEGER, STRING, Project, document, obj, pretty, read_schema, ref, run_cli, spawn
from support.exhausting import CHANGES, HOSTILE, one, several

from generator import limits
from generator.diagnostics import MESSAGES, Findings
from generator.diff.within import Within
from generator.json_text import NotJsonError
from generator.parse.load import Document
from generator.parse.normalize import normalize
from generator.parse.resolve import resolve
from generator.project.settings import load_settings
from generator.shapes import EnumShape

Capture = pytest.CaptureFixture[str]

SECONDS = 10
MIB = 512

# The time of all processes, and the memory of the largest.
MEASURE = """
import re, resource, sys
from pathlib import Path
from generator.cli import main
sys.argv = ["generator", "--project", *sys.argv[1:]]
try:
    main()
finally:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, children = [resource.getrusage(one) for one in who]
    seconds = sum(one.ru_utime + one.ru_stime for one in (own, children))
    status = Path("/proc/self/status")  # what getrusage says begins with the most that the parent had
    most = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) if status.exists() else own.ru_maxrss
    print(seconds, max(most, children.ru_maxrss if children.ru_utime else 0) / 1024)
"""


@pytest.mark.slow  # a second each
@pytest.mark.parametrize("name", HOSTILE)
def test_it_costs_little_and_is_answered(name: str, project: Project) -> None:
    make, code = HOSTILE[name]
    project.put("fal-ai/x", make())
    project.add("fal-ai/good")
    done = spawn(["-c", MEASURE, str(project.root), "regenerate"], cwd=project.root)
    seconds, memory = map(float, done.out.split())
    assert "Traceback" not in done.err
    assert max(map(len, done.err.splitlines())) < 1_500, "nobody reads that"
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert memory < MIB, f"{memory:.0f} MiB"
    if code is None:
        assert done.code == 0, done.err
        compile(project.module("endpoints/x.py"), "x", "exec")
    else:
        assert f"[{code}]" in done.err
    assert "fal_typed/endpoints/good.py" in project.tree()


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_comparing_costs_little(name: str, project: Project) -> None:
    old, new = CHANGES[name]
    before = Project(project.root / "before")
    before.put("fal-ai/x", old)
    project.put("fal-ai/x", new)
    done = spawn(["-c", MEASURE, str(project.root), "diff", "before/specs"], cwd=project.root)
    assert done.code == 0, done.err
    assert "\n  fal-ai/x" in done.out
    seconds, memory = map(float, done.out.split()[-2:])
    assert seconds < SECONDS, f"{seconds:.1f} s"
    assert memory < MIB, f"{memory:.0f} MiB"


def too_much(data: dict[str, Any]) -> list[str]:
    """What a document has too much of."""
    findings = Findings()
    resolved = resolve(Document(id="fal-ai/it", path="it.json", text=pretty(data), data=data), findings)
    assert resolved is not None
    normalize(resolved, findings)
    return [one.message for one in findings.all()]


def test_so_many_object_types_may_be_and_no_more() -> None:
    def of(types: int) -> dict[str, Any]:
        named = {f"T{n}": obj({"a": INTEGER}) for n in range(types - 2)}  # the input and the output are two
        return document("fal-ai/it", input=obj({f"p{n}": ref(f"T{n}") for n in range(types - 2)}), components=named)

    assert too_much(of(limits.TYPES)) == []
    assert too_much(of(limits.TYPES + 1)) == [f"there are more than {limits.TYPES} object types"]


def test_so_many_properties_may_be_and_no_more() -> None:
    def of(properties: int) -> dict[str, Any]:  # the output has one
        return document("fal-ai/it", input=obj({f"p{n}": INTEGER for n in range(properties - 1)}))

    assert too_much(of(limits.PROPERTIES)) == []
    assert too_much(of(limits.PROPERTIES + 1)) == [f"there are more than {limits.PROPERTIES:,} properties"]


def test_so_many_types_of_a_value_may_be_and_no_more() -> None:
    def of(types: int) -> dict[str, Any]:
        return document("fal-ai/it", input=obj({"it": {"anyOf": several(types)}}))

    assert too_much(of(limits.OPTIONS)) == []
    assert too_much(of(limits.OPTIONS + 1)) == [f"a value may be of more than {limits.OPTIONS} types"]


def test_schemas_may_be_so_deep_and_no_deeper() -> None:
    def of(depth: int) -> dict[str, Any]:
        schema: dict[str, Any] = INTEGER
        for _ in range(depth - 3):  # the input is two, by its reference, and the number in the end one
            schema = {"type": "array", "items": schema}
        return document("fal-ai/it", input=obj({"it": schema}))

    assert too_much(of(limits.SCHEMA_DEPTH)) == []
    assert too_much(of(limits.SCHEMA_DEPTH + 1)) == [f"schemas lead to schemas more than {limits.SCHEMA_DEPTH} deep"]


def test_a_long_enum_is_held_against_another_once() -> None:
    one_, other = (EnumShape(members=tuple(f"v{n}" for n in range(count))) for count in (9_000, 9_001))
    start = time.process_time()
    assert (Within({}, {})(one_, other), Within({}, {})(other, one_)) == (True, False)
    assert time.process_time() - start < SECONDS


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


@pytest.mark.parametrize("value", [1, 1024])
def test_a_size_that_may_be(value: int, tmp_path: Any) -> None:
    project = Project(tmp_path / "project", f"max_document_mib = {value}")
    assert load_settings(project.root).max_document_mib == value


def test_brackets_commas_and_digits_in_strings_are_no_excess() -> None:
    for text in (
        '"' + "[" * 500 + '"',
        '"' + "," * 300_000 + '"',
        '"' + "9" * 400 + ' 1e999"',
        r'["\"[' + "[" * 200 + '"]',
    ):
        assert limits.excess(text.encode(), text) is None


def test_what_is_read_without_looking_is_bounded_too() -> None:
    for text in ('"' + "[" * 500 + '"', "[" * 100 + "]" * 100, "[" * 60 + r'"[[\"[[[[[["' + "]" * 60, "[1, 1e9]"):
        assert limits.parse_bounded(text) == json.loads(text)
    for text in (
        "[" * 101 + "]" * 101,
        '["]]", ' * 600 + "1" + "]" * 600,
        "[" * 50 + '{"a": ' * 51,
        "[" * 50 + '{"]]]": ' * 51,
    ):
        with pytest.raises(NotJsonError, match="nested more than 100 deep"):
            limits.parse_bounded(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n" * 3 + "[" * 101 + "]" * 101, 4),
        ("[\n" + "1,\n" * 200_000 + "1]", 200_000),
        ('{"a":\n-1E+309}', 2),
        ("[\n" + "9" * 309 + "]", 2),
        ('["]]",\n' * 101 + "1" + "]" * 101, 101),  # brackets in strings must not make up for others
        (r'["\\]", "\"]",' + "\n" + '{"]": ' * 101 + "1" + "}" * 101 + "]", 2),
    ],
)
def test_the_line_of_an_excess(text: str, line: int) -> None:
    found = limits.excess(text.encode(), text)
    assert found is not None
    assert found.line == line


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100 + "]" * 100,
        '["[[", ' * 100 + "1" + "]" * 100,
        "[1e308, 1e-999, 17976931348623157" + "0" * 292 + "]",
        "1e+",
        "-",
    ],
)
def test_what_is_not_too_much(text: str) -> None:
    assert limits.excess(text.encode(), text) is None


def test_only_so_many_warnings_and_every_error() -> None:
    from generator.codes import Code
    from generator.diagnostics import Source

    findings = Findings()
    for n in range(MESSAGES + 50):
        findings.add(Code.BAD_KEYWORD, "x", Source(path="a", pointer=f"/{n}"))
    findings.add(Code.NOT_JSON, "x", Source(path="a"))
    findings.add(Code.BAD_KEYWORD, "x", Source(path="b"))
    codes = [found.code for found in findings.all()]
    assert codes == [*[Code.BAD_KEYWORD] * MESSAGES, Code.MORE, Code.NOT_JSON, Code.BAD_KEYWORD]


PLACES: dict[str, dict[str, Any]] = {
    "default": INTEGER, "example": STRING, "const": {}, "minimum": INTEGER, "exclusiveMaximum": {"type": "number"},
    "multipleOf": INTEGER, "maxLength": STRING, "maxItems": {"type": "array"}, "title": STRING, "x-y": STRING,
}  # fmt: skip


@pytest.mark.parametrize("number", ["9" * 10_000, "-" + "9" * 10_000, "1e400", "-1e400", "1" + "0" * 400 + ".5"])
def test_a_number_that_no_double_holds_is_refused_wherever_it_stands(number: str) -> None:
    texts = [one({**schema, place: 4242}) for place, schema in PLACES.items()]
    texts += [one({"enum": [1, 4242]}), one({"default": {"a": [4242]}}), json.dumps({"openapi": 4242})]
    for text in texts:
        whole = text.replace("4242", number)
        found = limits.excess(whole.encode(), whole)
        assert found is not None
        assert "is larger than any that JSON readers agree on" in found.message


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_json(number: str, project: Project, capsys: Capture) -> None:
    project.put("fal-ai/x", one({**INTEGER, "default": 4242}).replace("4242", number))
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, f"{number} is not a JSON number" in done.err) == (4, True)


def test_a_number_that_is_nearly_none_keeps_its_place(project: Project) -> None:
    tiny = one({"type": "number", "minimum": 4242, "default": 4243, "examples": [4244]})
    project.put("fal-ai/x", tiny.replace("4242", "-0.0").replace("4243", "1e-400").replace("4244", "-0.0"))
    assert not project.regenerate().diagnostics
    assert "it: Annotated[float, Field(ge=0)]" in project.module("endpoints/x.py")
    assert "Default: `0`." in project.module("endpoints/x.py")


@pytest.mark.parametrize("step", [0, -1, -0.5])
def test_a_step_that_leads_nowhere_is_left_out(step: float) -> None:
    found = read_schema({**INTEGER, "multipleOf": step})
    assert found.codes == ["bad-keyword"]
    assert "must be a number above 0, not" in found.found[0].message


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
