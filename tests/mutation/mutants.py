"""Small faults put into a source, one at a time: what careless hands would write.

A mutant is known by its module and a number; `mutate` makes it, `faults` lists them. Left alone are texts for
people, types, decorators and what stands under `TYPE_CHECKING`: no behaviour hangs on them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Final

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Mult: ast.FloorDiv,
}  # fmt: skip
_NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Fault:
    """One place where a source can be wrong."""

    number: int
    line: int
    about: str


class _Mutator(ast.NodeTransformer):
    """Walks a source, counts the places, and makes the fault with the wanted number."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.found: list[Fault] = []

    def _here(self, node: ast.expr | ast.stmt, about: str) -> bool:
        self.found.append(Fault(len(self.found), node.lineno, about))
        return self.wanted == len(self.found) - 1

    # --- what is left alone ---------------------------------------------------------------------------

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        for value in (True, False):
            if self._here(node, f"if {value}"):
                node.test = ast.copy_location(ast.Constant(value), node.test)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = self._body(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = self._body(node.body)
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = self._body(node.body)
        return node

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """A body without its documentation, which stays."""
        told = int(ast.get_docstring(ast.Module(body, [])) is not None)
        return [*body[:told], *(self.visit(one) for one in body[told:])]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None and not isinstance(node.value, ast.Call):
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if self._here(node, "does not raise") else node

    # --- faults ---------------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if any(isinstance(one, ast.Name) and one.id.startswith("__") for one in node.targets):
            return node
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if self._here(node, "statement left out"):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Call) and self._here(node, "call left out"):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        if node.value is None:
            return node
        plain = isinstance(node.value, ast.Constant) and node.value.value is None
        if not plain and self._here(node, "returns None"):
            node.value = ast.copy_location(ast.Constant(None), node.value)
            return node
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for at, operator in enumerate(node.ops):
            other = _COMPARISONS[type(operator)]
            if self._here(node, f"{type(operator).__name__} becomes {other.__name__}"):
                node.ops[at] = other()
        return self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        if self._here(node, f"becomes {other.__name__}"):
            node.op = other()
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.Not) and self._here(node, "not left out"):
            return node.operand
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        other = _OPERATORS.get(type(node.op))
        if other is not None and self._here(node, f"{type(node.op).__name__} becomes {other.__name__}"):
            node.op = other()
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        other = _NAMES.get(node.id)
        if other is not None and self._here(node, f"{node.id} becomes {other}"):
            node.id = other
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool):
            if self._here(node, f"becomes {not value}"):
                node.value = not value
        elif isinstance(value, int):
            if self._here(node, f"{value} becomes {value + 1}"):
                node.value = value + 1
        elif isinstance(value, str) and value and " " not in value and self._here(node, f"{value!r} changed"):
            node.value = f"{value}x"
        return node


def faults(source: str) -> list[Fault]:
    """Every place of a source."""
    mutator = _Mutator()
    mutator.visit(ast.parse(source))
    return mutator.found


def mutate(source: str, number: int) -> str:
    """The source with one fault."""
    tree = _Mutator(number).visit(ast.parse(source))
    return ast.unparse(ast.fix_missing_locations(tree))
