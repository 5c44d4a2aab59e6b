"""The expressions that are evaluated when a module is imported: values, calls, types."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ...json_text import canonical
from . import allowed

# Values as they stand in the source: what literals evaluate to.
Scalar = None | bool | int | float | str

# A quoted annotation is code too; ours quote whole annotations, and quotes in quotes are nobody's.
_DEEPEST_QUOTE = 1


class RefusedError(Exception):
    """A form or a name that the allow-list does not have.

    Attributes:
        line: Where it stands in the module, from 1.
        within: The class, and the field, that it is in, as far as there are any.
    """

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line
        self.within: tuple[str, ...] = ()


@dataclass(slots=True)
class Expressions:
    """Checks expressions, and collects the constants in them.

    Attributes:
        path: Where the module will be, below the output folder.
        frame: Whether it is of the package's frame, which may do more.
        spec: The constants by which its endpoint is called, by keyword; tables as JSON.
    """

    path: str
    frame: bool
    spec: dict[str, Scalar] = field(default_factory=dict[str, Scalar])
    _bound: set[str] = field(default_factory=set[str])
    _constants: list[Scalar] = field(default_factory=list[Scalar])
    _quoted: int = 0

    def _refuse(self, node: ast.AST, what: str = "") -> RefusedError:
        kind = type(node).__name__
        return RefusedError(what or f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}", getattr(node, "lineno", 1))

    def _known(self, node: ast.Name) -> None:
        if node.id not in self._bound and node.id not in allowed.BUILTINS:
            raise self._refuse(node, f"the name {node.id}")

    def _value(self, node: ast.expr) -> None:
        match node:
            case ast.Constant(value=value):
                self._scalar(node, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                self._constants.append(-number)
            case ast.Name():
                self._known(node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    self._value(item)
            case ast.Dict(keys=keys, values=values):
                for part in [*keys, *values]:
                    if part is None:
                        raise self._refuse(node, "an unpacked mapping")
                    self._value(part)
            case ast.Call():
                self._call(node)
            case _:
                raise self._refuse(node)

    def _scalar(self, node: ast.AST, value: object) -> None:
        if isinstance(value, bool | int | float | str):
            self._constants.append(value)
        elif value is not None:
            raise self._refuse(node, f"a constant of type {type(value).__name__}")

    def _call(self, node: ast.Call) -> None:
        known = allowed.FRAME_CALLS_AT_IMPORT if self.frame else allowed.CALLS_AT_IMPORT
        if not isinstance(node.func, ast.Name) or node.func.id not in known or node.func.id not in self._bound:
            raise self._refuse(node, f"a call of {ast.unparse(node.func)[:60]}")
        for argument in node.args:
            self._value(argument)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self._refuse(node, "unpacked arguments")
            if node.func.id == "EndpointSpec" and isinstance(keyword.value, ast.Constant):
                self.spec[keyword.arg] = keyword.value.value  # type: ignore[assignment]  # _scalar looks at its type
            self._value(keyword.value)
            if node.func.id == "EndpointSpec" and isinstance(keyword.value, ast.Dict):
                self.spec[keyword.arg] = self._table(keyword.value)

    def _table(self, node: ast.Dict) -> str:
        """A table of constants, as JSON."""
        try:
            return canonical(ast.literal_eval(node))
        except (ValueError, TypeError):
            raise self._refuse(node, "a table of more than constants") from None

    def annotation(self, node: ast.expr) -> None:
        """Check a type; a string in its place is evaluated by pydantic, so it is read as the code that it is."""
        match node:
            case ast.Name():
                self._known(node)
            case ast.Constant(value=None):
                pass
            case ast.Constant(value=str() as text):
                self._quotation(node, text)
            case ast.BinOp(op=ast.BitOr()):
                self.annotation(node.left)
                self.annotation(node.right)
            case ast.Subscript(value=ast.Name(id=name)):
                self._subscript(node, name)
            case _:
                raise self._refuse(node)

    def _quotation(self, node: ast.Constant, text: str) -> None:
        if self._quoted >= _DEEPEST_QUOTE:
            raise self._refuse(node, "a quotation in a quotation")
        try:
            quoted = ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._refuse(node, f"the quoted annotation {text[:60]!r}") from None
        self._quoted += 1
        try:
            self.annotation(quoted)
        except RefusedError as refused:
            raise self._refuse(node, str(refused)) from None
        self._quoted -= 1

    def _subscript(self, node: ast.Subscript, name: str) -> None:
        if name not in (allowed.FRAME_GENERICS if self.frame else allowed.GENERICS):
            raise self._refuse(node, f"a subscript of {name}")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "_Callable" and isinstance(parts[0], ast.List):
            parts = [*parts[0].elts, *parts[1:]]
        # Of `Literal` all parts are values, of `Annotated` all but the first, else none.
        types = parts[: {"Literal": 0, "Annotated": 1}.get(name, len(parts))]
        for part in types:
            self.annotation(part)
        for part in parts[len(types) :]:
            self._value(part)
