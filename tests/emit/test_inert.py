"""Stage inert: a module that would do something else than define is refused, and so is one that says otherwise."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import pytest
from support import CASES, INTEGER, STRING, Project, obj, ref, run_cli

from generator import pipeline, places
from generator.diagnostics import Findings
from generator.emit import annotations, class_orders, models, render, workers
from generator.emit.inert import InertError, check
from generator.emit.inert.expressions import RefusedError
from generator.emit.inert.grammar import Module
from generator.emit.inert.meaning import Meaning, evaluate_back, meanings
from generator.ir.lower import lower
from generator.ir.nodes import Kind, Shown
from generator.json_text import canonical
from generator.project.cache import Cache
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

Capture = pytest.CaptureFixture[str]
HEAD = """# Generated.
\"\"\"fal-ai/it.\"\"\"
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from pydantic import Field
from typing_extensions import Required, TypedDict, Unpack
from .._runtime.emitted import Endpoint, EndpointSpec, AnyImage, FalModel
"""
NARROWING = "# pyright: reportIncompatibleMethodOverride=false"
CLASS = "class It(TypedDict, total=False, closed=True):\n    "
MODEL = "class It(FalModel):\n    "
METHOD = 'class It(Endpoint[Any, Any]):\n    def run(self, /, **input: Any) -> "It":\n        '

# What breaks out is written here as it would stand in the module; each is refused for its own reason.
REFUSED = {
    "a statement of its own": "print(1)\n",
    "a call": "X = __import__('os')\n",
    "a call of what was imported": "X = Mapping()\n",
    "import": "import os\n",
    "import of a module": "from os import system\n",
    "import of another name": "from typing import get_type_hints\n",
    "import out of the package": "from ...evil import X\n",
    "import of a part of the runtime": "from .._runtime.http.hosts import Hosts\n",
    "import of the runtime": "from .._runtime import errors\n",
    "import of everything": "from .._runtime.emitted import *\n",
    "lambda": "X = lambda: 1\n",
    "comprehension": "X = [1 for _ in ()]\n",
    "f-string": "X = f'{1}'\n",
    "walrus": "X = (Y := 1)\n",
    "loop": "for X in (): pass\n",
    "with": "with X: pass\n",
    "try": "try: pass\nfinally: pass\n",
    "delete": "del Field\n",
    "a condition": "if 1: X = 1\n",
    "a hook of the module": "def __getattr__(name: str) -> Any:\n    return 1\n",
    "a dunder": "__path__ = 1\n",
    "bytes": "X = b''\n",
    "an attribute": "X = Field.x\n",
    "an assignment to an attribute": "Field.x = 1\n",
    "a subscript as target": "Mapping[1] = 1\n",
    "an unpacked call": "X = Field(**{})\n",
    "an unpacked mapping": "X = {**{}}\n",
    "an unknown name": "X = open\n",
    "a base class": "class It(object, metaclass=type): pass\n",
    "a base class that is called": "class It(Field()): pass\n",
    "a decorator": "@Field\nclass It(FalModel): pass\n",
    "a statement in a class": CLASS + "print(1)\n",
    "a class in a class": CLASS + "class Y: pass\n",
    "an unknown type": CLASS + "x: open\n",
    "a call as type": CLASS + "x: Field()\n",
    "an attribute as type": CLASS + "x: Mapping.x\n",
    "a type that is subscripted by a call": CLASS + "x: list[Field()]\n",
    "another generic": CLASS + "x: type[int]\n",
    "a literal that is a name": CLASS + "x: Literal[int.__name__]\n",
    "a quoted type that calls": CLASS + "x: \"__import__('os').system('id')\"\n",
    "a quoted type in a list": CLASS + "x: list['print(1)']\n",
    "a quoted type in Annotated": CLASS + "x: Annotated['print(1)', Field(ge=1)]\n",
    "a quoted type that is no Python": CLASS + "x: 'a b'\n",
    "quotes in quotes": CLASS + "x: \"list['int']\"\n",
    "a model that is a call": CLASS + "x: OrModel[int, \"__import__('os').system('id')\"]\n",
    "a model that is not there": CLASS + "x: OrModel[int, 'Evil']\n",
    "a type that goes on and on": CLASS + "x: " + " | ".join(["int"] * 2_500) + "\n",
    "metadata that calls": CLASS + "x: Annotated[int, print(1)]\n",
    "a default that is called": MODEL + "x: Any = print(1)\n",
    "a default factory": MODEL + "x: Any = Field(default_factory=lambda: 1)\n",
    "extra items": "class It(TypedDict, extra_items=print(1)): pass\n",
    "a hook of the class": "class It(FalModel):\n    def __init_subclass__(cls) -> None:\n        return None\n",
    "an attribute of the class": "class It(FalModel):\n    __slots__ = ()\n",
    "a call in a method": METHOD + "return print(1)\n",
    "an escape in a method": METHOD + "return self.__class__\n",
    "a way around self": METHOD + "return input.x(1)\n",
    "a loop in a method": METHOD + "for _ in (): pass\n",
    "a parameter that is called": METHOD + "return input()\n",
    "a default of a parameter": "class It(FalModel):\n    def f(self, x: Any = print(1)) -> Any:\n        return x\n",
    "a decorated method": "class It(FalModel):\n    @staticmethod\n    def run() -> None:\n        return None\n",
    "an order for a type checker": "# pyright: basic\nX = 1\n",
    "an order in a class": MODEL + "x: str\n    # mypy: ignore-errors\n",
    "an order beside prose": "X = '''\n# prose\n'''\n  # type: ignore\n",
    "a table in a spec that is no data": "SPEC = EndpointSpec(id='a', media={'x': {'min_width': Field()}})\n",
    "a table in a spec that is unpacked": "SPEC = EndpointSpec(id='a', media={**Field})\n",
    "no Python": "class\n",
    "NUL": "X = '\x00'\n",
    "a lone surrogate": "X = '\ud800'\n",
}
KEPT = {
    "prose like a comment": MODEL + "x: str\n    '''Doc.\n\n# pyright: basic\n    # type: ignore\n    '''\n",
    "types": CLASS + "x: Required[Annotated[list[int] | None, Field(ge=-1, alias='X')]]\n    '''Doc.'''\n",
    "a quoted class": CLASS + "x: Mapping[str, 'It']\n    y: 'list[It]'\n",
    "an object or its model": CLASS + "x: OrModel[Any, 'It'] | None\n    y: 'OrModel[Any, It]'\n",
    "a default": MODEL + "x: str | None = None\n",
    "a spec": "SPEC = EndpointSpec(id='a/b', path='a/b', input=Any, output=Any, renamed=False)\n",
    "limits of files": "SPEC = EndpointSpec(id='a/b', media={'x.*': {'kind': 'image', 'min_width': 3}})\n",
    "a method": METHOD + '"""Doc."""\n        return self._run(input)\n',
    "a child": METHOD + "from .child import Child\n        return Child(self._session)\n",
    "names for type checkers": "if TYPE_CHECKING:\n    from .child import Child\n__all__ = ['Child']\n",
    "an alias": "X: TypeAlias = FalModel | None\n",
}


def refusal(text: str, path: str = "fal_typed/endpoints/it.py") -> RefusedError | None:
    try:
        Module(path, frame=False).check(text)
    except RefusedError as error:
        return error
    return None


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_table_does_not_have_is_refused(name: str) -> None:
    found = refusal(HEAD + REFUSED[name])
    assert found is not None
    assert found.line >= (1 if name in ("NUL", "a lone surrogate", "a type that goes on and on") else 8)


@pytest.mark.parametrize("name", KEPT)
def test_what_the_templates_write_is_kept(name: str) -> None:
    assert refusal(HEAD + KEPT[name]) is None


def test_a_module_is_read_as_python_reads_the_file() -> None:
    """A comment can say that what looks like a docstring is code: utf-7 writes a line feed as +AAo-."""
    hidden = '# coding: utf-7\nX = "+ACI-; import os; +ACI-"\n'
    assert "import os" in ast.unparse(ast.parse(hidden.encode()))
    assert refusal(HEAD + "X = 1\n") is None
    assert "Import" in str(refusal(hidden))


def test_the_order_for_pyright_stands_where_a_class_narrows_its_base_and_nowhere_else() -> None:
    header, rest = HEAD.split("\n", 1)
    narrows = "class It(AnyImage):\n    url: str\n"
    assert refusal(f"{header}\n{NARROWING}\n{rest}{narrows}") is None
    for text in (
        f"{header}\n{rest}{narrows}",
        f"{header}\n{NARROWING}\n{rest}{MODEL}pass\n",
        f"{header}\n{NARROWING}  # x\n{rest}{narrows}",
        f"{header}\n{NARROWING}, reportMissingImports=false\n{rest}{narrows}",
        f"{header}\n{NARROWING}\n{NARROWING}\n{rest}{narrows}",
        f"{header}\n{rest}{NARROWING}\n{narrows}",
        f"{NARROWING}\n{header}\n{rest}{narrows}",
        f"{NARROWING}\n{rest}",
    ):
        assert refusal(text) is not None, text


STUB = f'# Generated.\n{NARROWING}\n# mypy: disable-error-code="override"\n'
FAKE = (
    "from collections.abc import Callable as _Callable\n"
    "from .._runtime.testing.emitted import EndpointFake as _EndpointFake\n"
    "class It(_EndpointFake[int, str]):\n    "
)
STUBS_REFUSED = {
    "no order": "# Generated.\nX = 1\n",
    "another order": "# Generated.\n# mypy: ignore-errors\nX = 1\n",
    "one order more": f"{STUB}# pyright: basic\nX = 1\n",
    "one order less": f"# Generated.\n{NARROWING}\nX = 1\n",
    "a method that does something": f"{STUB}{FAKE}def returns(self) -> int: print(1)\n",
    "a type that calls": f"{STUB}{FAKE}def answers(self, function: _Callable[[print(1)], int], /) -> int: ...\n",
    "another part of the runtime": STUB + "from .._runtime.testing.plugin import fal_fixture\n",
    "a program": STUB + "if __name__ == '__main__':\n    from .x import main\n    raise SystemExit(main())\n",
}


@pytest.mark.parametrize("name", STUBS_REFUSED)
def test_stubs_are_judged_too(name: str) -> None:
    path = "fal_typed/_fakes/it.pyi"
    assert refusal(f"{STUB}{FAKE}def answers(self, function: _Callable[[int], str], /) -> int: ...\n", path) is None
    assert refusal(STUBS_REFUSED[name], path) is not None


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("endpoints/it.py", HEAD + "from .._runtime.testing.emitted import Call\n"),
        ("webhooks.py", "from ._runtime.testing.emitted import Call\n"),
        ("testing.py", "from ._runtime.testing.plugin import fal_fixture\n"),
    ],
)
def test_a_part_of_the_runtime_is_for_its_own_modules_alone(module: str, text: str) -> None:
    with pytest.raises(RefusedError, match="no part of the contract"):
        Module(f"fal_typed/{module}", frame="/" not in module).check(text)


@pytest.mark.parametrize(
    "text",
    [
        "if __name__ == '__main__':\n    print(1)\n",
        "if __name__ == '__main__':\n    from .x import main\n    raise SystemExit(print())\n",
        "if __name__ != '__main__':\n    from .x import main\n    raise SystemExit(main())\n",
        "if __name__ == '__main__':\n    from os import main\n    raise SystemExit(main())\n",
        "if __name__ == '__main__':\n    from .x import main\n    raise SystemExit(main())\nelse:\n    X = 1\n",
    ],
)
def test_the_frame_has_one_program(text: str) -> None:
    good = "if __name__ == '__main__':\n    from .x import main\n\n    raise SystemExit(main())\n"
    Module("fal_typed/testing.py", frame=True).check(good)
    imported = "from ._runtime.cli.emitted import main\n\nif __name__ == '__main__':\n    raise SystemExit(main())\n"
    Module("fal_typed/cli.py", frame=True).check(imported)
    with pytest.raises(RefusedError):
        Module("fal_typed/testing.py", frame=True).check(text)


def test_a_stub_that_says_otherwise_is_refused_with_its_endpoint(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Its members are written by the same writer as those of the module; here it is broken for it alone."""
    project.add("fal-ai/a")
    project.add("fal-ai/b", output=obj({"mode": {"enum": ["x", "y"]}}))
    real = render.annotation
    monkeypatch.setattr(render, "annotation", lambda shape, kind: real(shape, kind).replace("'y'", "'z'"))
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 4
    assert "fal_typed/_fakes/b.pyi" in done.err
    assert "do not evaluate back" in done.err
    assert "fal_typed/endpoints/a.py" in project.tree()
    assert "fal_typed/endpoints/b.py" not in project.tree()


def test_every_line_of_the_table_is_needed() -> None:
    """Nothing is allowed that no template writes: the names are all in the emitted package."""
    from generator.emit.inert import allowed

    words: set[str] = set()
    package = CASES.parents[1] / "generated/fal_typed"
    for path in [*package.rglob("*.py"), *package.rglob("*.pyi")]:
        if "_runtime" not in path.parts:
            nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
            words |= {n.id for n in nodes if isinstance(n, ast.Name)}
            words |= {name for a in nodes if isinstance(a, ast.alias) for name in (a.name, a.asname or a.name)}
            words |= {k.arg for k in nodes if isinstance(k, ast.keyword) and k.arg}
            words |= {n.name for n in nodes if isinstance(n, ast.FunctionDef)}
    # These stand in templates that no pinned endpoint needs, or are for any value.
    words |= {
        "Any",
        "Sequence",
        "_Sequence",
        "extra_items",
        "Mapping",
        "OrModel",
        "SequenceNotStr",
        "RequestHandle",
        "AsyncRequestHandle",
        "TypeAlias",
        "deprecated",
        "tuple",
    }
    names = {name for one in allowed.FRAME_IMPORTS.values() for name in one} | allowed.BUILTINS | allowed.FRAME_GENERICS
    names |= (
        allowed.FRAME_CALLS_AT_IMPORT
        | allowed.DECORATORS
        | allowed.TEXT_DECORATORS
        | allowed.CLASS_KEYWORDS
        | allowed.FRAME_DUNDERS
    )
    names |= allowed.FRAME_CALLS_IN_FUNCTIONS | allowed.FRAME_NAMES
    assert names - words == set()


# --- a writer that is broken -----------------------------------------------------------------------------------------


def raw(value: Any) -> str:
    """What a careless writer does."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


ESCAPE = '"], (), print("own' + 'ed")]; x: Literal["'


@pytest.fixture
def broken(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A good endpoint, generated; behind it the writer of enum members is broken."""
    project.add("fal-ai/a")
    project.add("fal-ai/b", input=obj({"mode": {"enum": ["x", "y"]}}))
    project.regenerate()
    monkeypatch.setattr(annotations, "literal", raw)
    return project


def test_a_module_that_is_not_inert_is_never_written(
    broken: Project, capsys: Capture, snapshot: SnapshotAssertion
) -> None:
    before = broken.tree()
    broken.add("fal-ai/a", about="New words.")
    broken.add("fal-ai/b", input=obj({"mode": {"enum": ["x", 'y"] | print("a") | Literal["z']}}))
    broken.add("fal-ai/c", input=obj({"mode": {"enum": ['x"] | open | Literal["y']}}))
    done = run_cli(broken, capsys, "regenerate")
    assert done.code == 4
    assert done.err.splitlines()[:-1] == snapshot
    after = broken.tree()
    assert after["fal_typed/endpoints/b.py"] == before["fal_typed/endpoints/b.py"]
    assert '"fal-ai/b": ("b", "B"),' in after["fal_typed/_registry.py"]
    assert "fal_typed/endpoints/c.py" not in after
    texts = "".join(text for path, text in after.items() if "/_runtime/" not in path)
    assert not re.search(r"fal-ai/c\b", texts)
    assert "New words." in after["fal_typed/endpoints/a.py"]
    assert run_cli(broken, capsys, "regenerate").err.splitlines()[:-1] == done.err.splitlines()[:-1]


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("a\\x41", "the values in the type of BInput.mode do not evaluate back"),
        ('a", "b', "the values in the type of BInput.mode do not evaluate back"),
    ],
)
def test_a_value_that_does_not_evaluate_back(member: str, what: str, broken: Project, capsys: Capture) -> None:
    broken.add("fal-ai/b", input=obj({"mode": {"enum": ["x", member]}}))
    err = run_cli(broken, capsys, "regenerate").err
    assert what in err
    assert "(#/components/schemas/BInput/properties/mode)" in err


def test_a_shared_type_takes_all_its_endpoints_with_it(broken: Project, capsys: Capture) -> None:
    size = {"components": {"Size": obj({"mode": {"enum": ["a\\x41"]}})}, "input": obj({"size": ref("Size")})}
    broken.add("fal-ai/b", **size)
    broken.add("fal-ai/c", **size)
    done = run_cli(broken, capsys, "regenerate")
    assert done.code == 4
    assert "size" not in "".join(broken.tree())
    assert "Size" not in (broken.specs / "types.lock").read_text(encoding="utf-8")


def test_a_docstring_that_is_not_the_description(broken: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_orders, "docstring", lambda text, *facts, indent: f'"""{text}"""')
    broken.add("fal-ai/b", input=obj({"it": {**STRING, "description": "A \\n newline."}}))
    found = [d for d in broken.plan().diagnostics if d.code.value == "refused-module"]
    assert ["docstring of BInput.it" in one.message for one in found] == [True]


def test_limits_of_files_that_are_not_those_of_the_document(broken: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose files are refused is the document's to say."""
    monkeypatch.setattr(render, "shown", lambda table: repr(table).replace("300", "400"))
    broken.add("fal-ai/b", input=obj({"image_url": {**STRING, "x-fal": {"min_width": 300}}}))
    found = [d for d in broken.plan().diagnostics if d.code.value == "refused-module"]
    assert ["the endpoint would be called by" in one.message for one in found] == [True]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("writer", ["annotation", "docstring"])
@pytest.mark.parametrize("pooled", [False, True])
def test_a_class_that_cannot_even_be_laid_out_costs_its_endpoint_alone(
    writer: str, pooled: bool, broken: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken writers give text that is no Python: all classes of a kind are made in one go."""
    if pooled:
        monkeypatch.setattr(workers, "WORTH_PROCESSES", 1)
    before = broken.tree()
    broken.add("fal-ai/a", about="New words.")
    odd = {"enum": ["x", 'y"z']} if writer == "annotation" else {**STRING, "description": 'A """ in it.'}
    if writer == "docstring":
        monkeypatch.setattr(class_orders, "docstring", lambda text, *facts, indent: f'"""{text}"""')
    broken.add("fal-ai/b", input=obj({"mode": odd}))
    size = {"components": {"Size": obj({"mode": odd})}, "input": obj({"size": ref("Size")})}
    broken.add("fal-ai/c", **size)
    broken.add("fal-ai/d", **size)
    for _ in range(2):  # the second time, all that is well is known
        done = run_cli(broken, capsys, "regenerate")
        assert done.code == 4
        modules = {"b": "endpoints/b.py", "c": "params/_size.py"}
        messages = sorted(done.err.splitlines()[:-1])
        assert len(messages) == len(modules)
        for (name, path), message in zip(modules.items(), messages, strict=True):
            place = f"specs/fal-ai/{name}.json:1: error: fal_typed/{path}"
            assert message.startswith(f"{place} could not be made: ")
            assert message.endswith("[refused-module]")
    after = broken.tree()
    assert after["fal_typed/endpoints/b.py"] == before["fal_typed/endpoints/b.py"]
    assert "New words." in after["fal_typed/endpoints/a.py"]
    assert "fal_typed/endpoints/d.py" not in after
    assert '"fal-ai/b": ("b", "B"),' in after["fal_typed/_registry.py"]


def test_templates_that_lay_out_no_class_at_all_are_a_defect(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(class_orders, "_keywords", lambda cls: "(")
    project.add("fal-ai/a")
    project.add("fal-ai/b")
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 4
    assert done.err.endswith("This is a defect of the generator or of its templates.\n")
    assert not project.output.exists()


def test_what_is_no_text_of_python_is_refused_at_its_first_line() -> None:
    refused = refusal("X = 1\n\0")
    assert refused is not None
    assert refused.line == 1


def test_what_is_nested_too_deep_to_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own reader gives up before, as a rule."""

    def endless(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Module, "_statements", endless)
    refused = refusal("X = 1\n")
    assert refused is not None
    assert (str(refused), refused.line) == ("more nested expressions than can be checked", 1)


def test_a_kind_that_could_be_laid_out_before_is_no_defect(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """The templates of that kind are well: what cannot be laid out now is refused by itself."""
    project.add("fal-ai/a", output=obj({}))
    project.regenerate()
    keywords = class_orders._keywords
    monkeypatch.setattr(class_orders, "_keywords", lambda cls: "(" if cls.kind is Kind.PARAMS else keywords(cls))
    project.add("fal-ai/b")
    refused, done = run_cli(project, capsys, "regenerate").err.splitlines()
    assert "fal_typed/endpoints/b.py could not be made" in refused
    assert done.startswith("generated: ")


def test_a_template_that_breaks_the_frame_is_a_defect(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setitem(render.EXPORTS, "Hosts", "os')+print('")
    monkeypatch.setitem(render.WRITERS, "literal", raw)
    project.add("fal-ai/a")
    with pytest.raises(InertError, match=r"fal_typed/__init__\.py:\d+"):
        project.plan()
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith("error: templates/init.py.jinja: fal_typed/__init__.py:")
    assert not project.output.exists()


# --- values shown ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "good"),
    [
        ("'a'", "a", True),
        ("1", 1, True),
        ("1.5", 1.5, True),
        ("[1, {'a': None}]", [1, {"a": None}], True),
        ("'b'", "a", False),
        ("True", 1, False),
        ("'a', 'b'", "a", False),
        ("1]  # ", 1, False),
        ("open", "open", False),
        ("'", "a", False),
        ("[" * 500 + "]" * 500, [], False),
    ],
)
def test_what_is_shown_evaluates_back(text: str, value: Any, good: bool) -> None:
    one = Shown(text=text, value=canonical(value))
    assert evaluate_back([one]) is good
    assert evaluate_back([Shown(text="0", value=canonical(0)), one]) is good


# --- the cache -------------------------------------------------------------------------------------------------------


def test_a_verdict_is_remembered_for_the_same_module_and_meaning(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add("fal-ai/a", input=obj({"n": INTEGER}))
    settings = load_settings(project.root)
    found = pipeline.understand(settings, Findings())
    api = lower(found.named, found.sharing, found.files, settings)
    classes = models.models(api, models.Begun(places.TEMPLATES, Cache(None, "models"), None))
    files, wanted = dict(render.render(api, classes.sources, places.TEMPLATES, settings)), meanings(api)
    cache, reads = Cache(None, "inert"), list[str]()
    check_module = Module.check
    monkeypatch.setattr(Module, "check", lambda self, text: (reads.append(self.path), check_module(self, text))[1])
    assert not check(files, wanted, "fal_typed", cache)
    first = len(reads)
    assert first == len([p for p in files if p.endswith((".py", ".pyi")) and "/_runtime/" not in p])
    assert not check(files, wanted, "fal_typed", cache)
    assert len(reads) == first
    path = "fal_typed/endpoints/a.py"
    other = {path: Meaning(own=(), endpoints=("fal-ai/a",), source=wanted[path].source, spec={"id": "x"})}
    assert check(files, {**wanted, **other}, "fal_typed", cache)
    changed = {**files, path: files[path] + "print(1)\n"}
    assert [one.endpoints for one in check(changed, wanted, "fal_typed", cache)] == [("fal-ai/a",)]
    assert check(changed, wanted, "fal_typed", cache), "what was refused is not remembered as good"
