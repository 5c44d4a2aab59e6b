"""The allow-list: every form and every name that emitted modules are made of, outside of `_runtime`.

Nothing here comes from a document. Whoever lets a template emit something new adds it here, and the module is no longer
refused; whoever reads this table knows all that importing a generated package can do.
"""

# design: How can a document do no harm to who imports the client?

from __future__ import annotations

import ast
from enum import Enum

from ...places import FAKES
from .. import public


class StatementPlace(Enum):
    """Where a statement stands."""

    MODULE = "module"
    CLASS = "class"


# Statements by place; `if` only asks for TYPE_CHECKING. What stands in functions is in FORMS.
STATEMENTS: dict[StatementPlace, frozenset[type[ast.stmt]]] = {
    StatementPlace.MODULE: frozenset(
        {ast.Expr, ast.ImportFrom, ast.If, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.FunctionDef}
    ),
    StatementPlace.CLASS: frozenset(
        {ast.Expr, ast.Pass, ast.If, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef}
    ),
}
# What may be imported from the runtime: by every module the contract, by some that of a part.
CONTRACTS = {
    "events.py": public.EVENTS,
    "testing.py": public.TESTING,
    "pytest_plugin.py": public.PLUGIN,
    "cli.py": public.CLI,
    "batch.py": public.BATCH,
    "__main__.py": public.CLI,
    FAKES: public.TESTING,
}
# What may be imported from outside the package. Inside of it everything is ours, or was checked like this.
IMPORTS: dict[str, frozenset[str]] = {
    "collections.abc": frozenset({"Callable", "Iterable", "Mapping", "Sequence"}),
    "pydantic": frozenset({"Field"}),
    "typing": frozenset({"Annotated", "Any", "Literal", "TYPE_CHECKING", "TypeAlias"}),
    "typing_extensions": frozenset({"Required", "Self", "TypedDict", "Unpack", "deprecated"}),
}
# Builtins that annotations name.
BUILTINS = frozenset({"bool", "dict", "float", "int", "list", "object", "str", "tuple"})
# What may be subscripted; of `Literal` the members are values, of `Annotated` all but the first.
GENERICS = frozenset(
    {
        *(
            "Annotated",
            "Literal",
            "Mapping",
            "OrModel",
            "Required",
            "SequenceNotStr",
            "Unpack",
            "dict",
            "list",
            "tuple",
        ),
        *("_Callable", "_EndpointFake", "_Sequence", "Iterable"),
        *("ChildNode", "Endpoint", "AsyncEndpoint", "RequestHandle", "AsyncRequestHandle", "Stream", "AsyncStream"),
    }
)
# What runs when a module is imported.
CALLS_AT_IMPORT = frozenset({"ChildNode", "EndpointSpec", "Field"})
DECORATORS = frozenset({"property"})
# Decorators that are called with one text.
TEXT_DECORATORS = frozenset({"deprecated"})
CLASS_KEYWORDS = frozenset({"closed", "extra_items", "spec", "total"})
# How every module begins.
HEADER = "# Generated"
# Bases whose attributes are narrowed below them, and what tells pyright so, in the line behind the header.
NARROWED = frozenset({"AnyAudio", "AnyImage", "AnyVideo"})
NARROWING = "# pyright: reportIncompatibleMethodOverride=false"
# The same in stubs, whose methods take what they take of one endpoint.
STUB_NARROWING = (NARROWING, '# mypy: disable-error-code="override"')
# When a module of the frame is run as a program, and what runs then: what the contract has.
PROGRAM = ("__name__ == '__main__'", "raise SystemExit(main())")
# The only double-underscored names a module, a class or a function may define.
DUNDERS = frozenset({"__all__"})

# What functions are made of: they import a child's module, and hand over to the runtime by a method of `self`.
FORMS: frozenset[type[ast.AST]] = frozenset(
    {ast.Expr, ast.ImportFrom, ast.alias, ast.Return, ast.Constant, ast.Load}
    | {ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Await}
)
CALLS_IN_FUNCTIONS: frozenset[str] = frozenset()

# The package's frame (its `__init__`, the clients, the registry, the `__init__` of models and params) looks names up in
# tables of its own, and imports what they lead to.
FRAME_IMPORTS: dict[str, frozenset[str]] = {
    **IMPORTS,
    "importlib": frozenset({"import_module"}),
    "typing": IMPORTS["typing"] | {"Final"},
}
FRAME_GENERICS = GENERICS | {"Final"}
FRAME_CALLS_AT_IMPORT = CALLS_AT_IMPORT | {"TypedDict"}
FRAME_DUNDERS = DUNDERS | {"__dir__", "__getattr__", "__version__"}
FRAME_FORMS = FORMS | {
    *(ast.If, ast.Raise, ast.Assign, ast.AnnAssign, ast.Subscript, ast.Store),
    *(ast.Compare, ast.NotIn, ast.JoinedStr, ast.FormattedValue, ast.Tuple),
}
FRAME_CALLS_IN_FUNCTIONS = CALLS_IN_FUNCTIONS | {
    *("AttributeError", "getattr", "globals", "import_module", "module_hint", "sorted", "tree_of"),
}
FRAME_NAMES = frozenset({"AttributeError", "__name__", "__package__", "getattr", "globals", "sorted"})
