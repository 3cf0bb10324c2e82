"""Mutation operators: the changes to one node of a program. Texts for readers are not changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the node, its replacement, and a description."""

    target: ast.AST
    after: ast.AST
    words: str


def changes(root: ast.AST) -> Iterator[Change]:
    """Every change of what `root` does, in the order of the source."""
    skipped = _not_mutated(root)
    asks = isinstance(root, ast.FunctionDef) and root.returns is not None and ast.unparse(root.returns) == "bool"
    parents = {id(child): node for node in ast.walk(root) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(root):
        if id(node) not in skipped:
            way = _of(node, parents.get(id(node)))
            for target, after in _answered(node) if asks and isinstance(node, ast.Return) else way:
                yield Change(target, ast.copy_location(after, target), _description(target, after))


def _description(target: ast.AST, after: ast.AST) -> str:
    gone = isinstance(after, ast.Pass)
    return f"{ast.unparse(target)}  =>  {'nothing' if gone else ast.unparse(ast.fix_missing_locations(after))}"


def _not_mutated(root: ast.AST) -> set[int]:
    """Annotations, decorators and texts for readers."""
    left: list[ast.AST] = []
    for node in ast.walk(root):
        if isinstance(node, ast.FunctionDef):
            left += [*node.decorator_list, *([node.returns] if node.returns else [])]
        elif isinstance(node, ast.arg | ast.AnnAssign):
            left += [node.annotation] if node.annotation else []
        elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.IfExp) and _is_prose(node)):
            left.append(node)
    return {id(inner) for node in left for inner in ast.walk(node)}


def _is_prose(node: ast.IfExp) -> bool:
    return all(
        isinstance(branch, ast.JoinedStr) or (isinstance(branch, ast.Constant) and " " in str(branch.value))
        for branch in (node.body, node.orelse)
    )


Pairs = Iterator[tuple[ast.AST, ast.AST]]


def _of(node: ast.AST, parent: ast.AST | None) -> Pairs:
    for kind, ways in OPERATORS.items():
        if isinstance(node, kind):
            yield from chain.from_iterable(way(node, parent) for way in ways)


def _compare(node: ast.Compare, parent: ast.AST | None) -> Pairs:
    for place, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield node, ast.Compare(node.left, ops, node.comparators)


def _members(node: ast.Compare, parent: ast.AST | None) -> Pairs:
    """A membership test loses one member."""
    for loaded in node.comparators:
        if isinstance(loaded, ast.Tuple | ast.List) and len(loaded.elts) > 1:
            yield from _without_one(loaded)


def _set(node: ast.Set, parent: ast.AST | None) -> Pairs:
    if len(node.elts) > 1:
        yield from _without_one(node)


def _without_one(node: ast.Tuple | ast.List | ast.Set) -> Pairs:
    for place in range(len(node.elts)):
        rest = [*node.elts[:place], *node.elts[place + 1 :]]
        yield node, ast.Set(rest) if isinstance(node, ast.Set) else ast.Tuple(rest, ast.Load())


def _boolean(node: ast.BoolOp, parent: ast.AST | None) -> Pairs:
    yield node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = [*node.values[:place], *node.values[place + 1 :]]
        yield node, rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _unary(node: ast.UnaryOp, parent: ast.AST | None) -> Pairs:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node, node.operand


def _binary(node: ast.BinOp, parent: ast.AST | None) -> Pairs:
    other = ARITHMETIC.get(type(node.op))
    if other is not None and not _is_text(node.left) and not _is_text(node.right):
        yield node, ast.BinOp(node.left, other(), node.right)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _constant(node: ast.Constant, parent: ast.AST | None) -> Pairs:
    if isinstance(node.value, bool):
        yield node, ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield node, ast.Constant(node.value + 1)
        if node.value > 0:
            yield node, ast.Constant(node.value - 1)


def _call(node: ast.Call, parent: ast.AST | None) -> Pairs:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in CALLS:
        yield node, ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords)
    elif name == "sorted":
        rest = [k for k in node.keywords if k.arg != "reverse"]
        turned = rest if len(rest) < len(node.keywords) else [*rest, ast.keyword("reverse", ast.Constant(value=True))]
        yield node, ast.Call(node.func, node.args, turned)


def _condition(node: ast.If | ast.IfExp | ast.While, parent: ast.AST | None) -> Pairs:
    yield from _negated(node.test)


def _negated(test: ast.expr) -> Pairs:
    if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
        yield test, ast.UnaryOp(ast.Not(), test)


def _operands(node: ast.BoolOp, parent: ast.AST | None) -> Pairs:
    """A name or a call used as a condition; not `x or default`."""
    if isinstance(parent, ast.If | ast.IfExp | ast.While | ast.comprehension | ast.BoolOp):
        for value in node.values:
            yield from _negated(value)


def _filters(node: ast.comprehension, parent: ast.AST | None) -> Pairs:
    for place, test in enumerate(node.ifs):
        yield test, ast.Constant(value=True)
        yield from _negated(node.ifs[place])


def _answered(node: ast.Return) -> Pairs:
    """The negated result of a function that returns bool; comparisons have their own changes."""
    if isinstance(node.value, ast.Name | ast.Attribute | ast.Call):
        yield node.value, ast.UnaryOp(ast.Not(), node.value)


def _returned(node: ast.Return, parent: ast.AST | None) -> Pairs:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield node, ast.Return(ast.Constant(None))
    if isinstance(parent, ast.If | ast.For) and not (isinstance(parent, ast.If) and parent.orelse):
        yield node, ast.Pass()


def _left_out(node: ast.stmt, parent: ast.AST | None) -> Pairs:
    """A statement is removed: a call, an augmented assignment, or an assignment inside a branch."""
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if call or isinstance(node, ast.AugAssign) or (isinstance(node, ast.Assign) and isinstance(parent, ast.If)):
        yield node, ast.Pass()


def _jump(node: ast.Continue | ast.Break, parent: ast.AST | None) -> Pairs:
    yield node, ast.Break() if isinstance(node, ast.Continue) else ast.Continue()


OPERATORS: dict[type[ast.AST], tuple[Callable[..., Pairs], ...]] = {
    ast.Compare: (_compare, _members),
    ast.Set: (_set,),
    ast.BoolOp: (_boolean, _operands),
    ast.UnaryOp: (_unary,),
    ast.BinOp: (_binary,),
    ast.Constant: (_constant,),
    ast.Call: (_call,),
    ast.If: (_condition,),
    ast.IfExp: (_condition,),
    ast.While: (_condition,),
    ast.comprehension: (_filters,),
    ast.Return: (_returned,),
    ast.Expr: (_left_out,),
    ast.AugAssign: (_left_out,),
    ast.Assign: (_left_out,),
    ast.Continue: (_jump,),
    ast.Break: (_jump,),
}
