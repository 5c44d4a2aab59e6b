"""Whether a module is made of nothing but what the allow-list has. A form that nobody thought of is refused."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..public import CONTRACT
from . import allowed
from .allowed import StatementPlace
from .comments import check_comments
from .expressions import Expressions, RefusedError, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a class says.

    Attributes:
        doc: Its docstring.
        fields: For each field the constants of its annotation, in their order, and its docstring.
        extra: The constants in the type of further properties.
    """

    doc: str
    fields: dict[str, tuple[list[Scalar], str]]
    extra: list[Scalar]


@dataclass(slots=True)
class Module(Expressions):
    """One module being read.

    Attributes:
        said: What its classes say, by name.
    """

    said: dict[str, Said] = field(default_factory=dict[str, Said])
    _within: tuple[str, ...] = ()

    def check(self, text: str) -> None:
        """Check a module as Python will read it: from bytes, for a comment can say how they are to be decoded.

        Raises:
            RefusedError: It is no Python, or does something else than define.
        """
        try:
            tree = ast.parse(text.encode())
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise RefusedError(f"what is not Python: {error}", getattr(error, "lineno", None) or 1) from None
        self._bind(tree.body)
        try:
            self._statements(tree.body, StatementPlace.MODULE)
        except RefusedError as refused:
            refused.within = self._within
            raise
        except RecursionError:  # what Python can read, and we cannot look through
            endless = RefusedError("more nested expressions than can be checked", 1)
            endless.within = self._within
            raise endless from None
        if not self.frame:
            check_comments(text, tree, is_stub=self.path.endswith(".pyi"))

    # --- statements --------------------------------------------------------------------------------------------------

    def _bind(self, body: Iterable[ast.stmt]) -> None:
        """Note every name that statements define, those for type checkers included."""
        for node in body:
            match node:
                case ast.ImportFrom():
                    self._bound |= {alias.asname or alias.name for alias in node.names}
                case ast.ClassDef() | ast.FunctionDef():
                    self._bound.add(node.name)
                case ast.Assign():
                    self._bound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self._bound.add(name)
                case ast.If():
                    self._bind([*node.body, *node.orelse])
                case _:
                    pass

    def _statements(self, body: list[ast.stmt], place: StatementPlace) -> None:
        for node in body:
            if type(node) not in allowed.STATEMENTS[place]:
                raise self._refuse(node)
            self._statement(node, place)

    def _statement(self, node: ast.stmt, place: StatementPlace) -> None:
        match node:
            case ast.Expr(value=ast.Constant(value=str())) | ast.Pass():
                pass
            case ast.ImportFrom():
                self._import(node)
            case ast.If(test=ast.Compare()) if self.frame and place is StatementPlace.MODULE:
                self._program(node)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                self._statements(node.body, place)
                self._statements(node.orelse, place)
            case ast.ClassDef():
                self._class(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.Assign():
                for target in node.targets:
                    self._target(target)
                self._value(node.value)
            case ast.AnnAssign():
                self._annotated(node, place)
            case _:
                raise self._refuse(node)

    def _import(self, node: ast.ImportFrom) -> None:
        names = {alias.name for alias in node.names}
        known = allowed.FRAME_IMPORTS if self.frame else allowed.IMPORTS
        if node.level:
            if node.level > self.path.count("/") or "*" in names:
                raise self._refuse(node, "an import from outside the package")
            # Of the runtime, the contract alone; a part has one of its own.
            if (node.module or "").split(".")[0] == "_runtime" and node.module not in self._contracts():
                raise self._refuse(node, f"an import from {node.module}, which is no part of the contract")
        elif not names <= known.get(node.module or "", frozenset()):
            raise self._refuse(node, f"an import of {', '.join(sorted(names))} from {node.module}")

    def _contracts(self) -> set[str | None]:
        below = self.path.split("/")[1]
        return {CONTRACT, allowed.CONTRACTS.get(below, CONTRACT)}

    def _program(self, node: ast.If) -> None:
        """What runs where the module is run as a program."""
        match node.body:
            case [ast.ImportFrom() as imported, ast.Raise() as ended]:
                self._import(imported)
            case [ast.Raise() as ended]:  # it is imported above
                pass
            case _:
                raise self._refuse(node)
        if (ast.unparse(node.test), ast.unparse(ended)) != allowed.PROGRAM or node.orelse:
            raise self._refuse(node)

    def _target(self, node: ast.expr) -> None:
        if not isinstance(node, ast.Name):
            raise self._refuse(node)
        self._name_defined(node, node.id)

    def _name_defined(self, node: ast.AST, name: str) -> None:
        known = allowed.FRAME_DUNDERS if self.frame else allowed.DUNDERS
        if name.startswith("__") and name not in known:
            raise self._refuse(node, f"a definition of {name}")

    def _annotated(self, node: ast.AnnAssign, place: StatementPlace) -> None:
        self._target(node.target)
        self.annotation(node.annotation)
        if node.value is None:
            return
        if (
            place is StatementPlace.MODULE
            and isinstance(node.annotation, ast.Name)
            and node.annotation.id == "TypeAlias"
        ):
            self.annotation(node.value)
        else:
            self._value(node.value)

    def _class(self, node: ast.ClassDef) -> None:
        self._within = (node.name,)
        self._name_defined(node, node.name)
        self._decorators(node)
        for base in node.bases:
            self.annotation(base)
        extra: list[Scalar] = []
        for keyword in node.keywords:
            if keyword.arg not in allowed.CLASS_KEYWORDS:
                raise self._refuse(keyword.value, f"the class keyword {keyword.arg}")
            self._constants = []
            if keyword.arg == "extra_items":
                self.annotation(keyword.value)
                extra = self._constants
            else:
                self._value(keyword.value)
        self._constants = []
        fields: dict[str, tuple[list[Scalar], str]] = {}
        for number, one in enumerate(node.body):
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                self._within = (node.name, one.target.id)
                self._constants = []
                self._statements([one], StatementPlace.CLASS)
                fields[one.target.id] = (self._constants, _doc(node.body[number + 1 : number + 2]))
                self._constants = []
                self._within = (node.name,)
            else:
                self._statements([one], StatementPlace.CLASS)
        self.said[node.name] = Said(doc=_doc(node.body[:1]), fields=fields, extra=extra)
        self._within = ()

    def _decorators(self, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for one in node.decorator_list:
            match one:
                case ast.Name(id=name) if name in allowed.DECORATORS:
                    pass
                case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str())], keywords=[]) if (
                    name in allowed.TEXT_DECORATORS and name in self._bound
                ):
                    pass
                case _:
                    raise self._refuse(one, f"the decorator {ast.unparse(one)[:60]}")

    # --- functions: they run when somebody calls them -----------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._name_defined(node, node.name)
        self._decorators(node)
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        arguments += [one for one in (node.args.vararg, node.args.kwarg) if one is not None]
        for one in arguments:
            if one.annotation is not None:
                self.annotation(one.annotation)
        if node.returns is not None:
            self.annotation(node.returns)
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self._value(default)
        local = {one.arg for one in arguments}
        for statement in node.body:
            self._code(statement, local)

    def _code(self, statement: ast.stmt, local: set[str]) -> None:
        forms = allowed.FRAME_FORMS if self.frame else allowed.FORMS
        for node in ast.walk(statement):
            if type(node) not in forms:
                raise self._refuse(node)
            match node:
                case ast.ImportFrom():
                    self._import(node)
                    local |= {alias.asname or alias.name for alias in node.names}
                case ast.AnnAssign(target=ast.Name(id=name)):
                    local.add(name)
                case ast.Name(id=name):
                    if name not in local and not (self.frame and name in allowed.FRAME_NAMES):
                        self._known(node)
                case ast.Attribute(attr=name):
                    self._attribute(node, name)
                case ast.Call():
                    self._call_in_function(node, local)
                case _:
                    pass

    def _attribute(self, node: ast.Attribute, name: str) -> None:
        if not (isinstance(node.value, ast.Name) and node.value.id == "self") or name.startswith("__"):
            raise self._refuse(node, f"the attribute {name} of {ast.unparse(node.value)[:60]}")

    def _call_in_function(self, node: ast.Call, local: set[str]) -> None:
        known = allowed.FRAME_CALLS_IN_FUNCTIONS if self.frame else allowed.CALLS_IN_FUNCTIONS
        match node.func:
            case ast.Attribute():
                pass  # of `self`, as `_attribute` sees to
            case ast.Name(id=name) if name in known or name in (local | self._bound) - {"self", "input"}:
                pass
            case _:
                raise self._refuse(node, f"a call of {ast.unparse(node.func)[:60]}")


def _doc(body: list[ast.stmt]) -> str:
    """The docstring that a piece of a body begins with."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str() as text)), *_]:
            return text
        case _:
            return ""
