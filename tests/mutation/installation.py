"""Installs a mutant in this process, also in modules that have already imported the original."""

from __future__ import annotations
import __future__

import ast
import copy
import gc
import sys
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.judge import KilledOnInstall
from tests.mutation.places import MODULE, Mutant, defaults


def put(mutant: Mutant) -> None:
    """Replace the original by the mutant for the rest of this process."""
    owner = mutated(mutant)
    module = sys.modules[mutant.module]
    if isinstance(owner, ast.FunctionDef):
        _function(module, mutant.function, owner)
    elif mutant.function == MODULE:
        _global(module, owner)
    else:
        _field(getattr(module, mutant.function), owner)


def function_of(mutant: Mutant) -> FunctionType | None:
    """The function in this process; None for a mutant of a field or a constant."""
    is_function = isinstance(mutant.owner, ast.FunctionDef)
    return _found(sys.modules[mutant.module], mutant.function) if is_function else None


def mutated(mutant: Mutant) -> Any:
    """The syntax tree of the owner with the change."""
    place = next(n for n, node in enumerate(ast.walk(mutant.owner)) if node is mutant.change.target)
    tree = copy.deepcopy(mutant.owner)
    target = list(ast.walk(tree))[place]
    if target is tree:
        return mutant.change.after
    return ast.fix_missing_locations(_Replace(target, mutant.change.after).visit(tree))


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, after: ast.AST) -> None:
        self.target, self.after = target, after

    def visit(self, node: ast.AST) -> ast.AST:
        return copy.deepcopy(self.after) if node is self.target else super().generic_visit(node)


def _compiled(owner: ast.FunctionDef, file: str) -> CodeType:
    bare = copy.copy(owner)
    bare.decorator_list = []
    module = ast.Module([bare], [])
    code = compile(module, file, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    return next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == owner.name)


def _function(module: ModuleType, name: str, owner: ast.FunctionDef) -> None:
    function = _found(module, name)
    function.__code__ = _compiled(owner, str(module.__file__))
    values = iter([eval(ast.unparse(d), vars(module)) for d in defaults(owner)])  # noqa: S307
    if owner.args.defaults:
        function.__defaults__ = tuple(next(values) for _ in owner.args.defaults)
    named = [a.arg for a, d in zip(owner.args.kwonlyargs, owner.args.kw_defaults, strict=True) if d is not None]
    if named:
        function.__kwdefaults__ = dict(zip(named, values, strict=True))
    _forget_results()


def _forget_results() -> None:
    """Drop what the rules have computed once for all calls: with the mutant it may be something else."""
    modules = [module for name, module in sys.modules.items() if name.startswith("titrate.clinical")]
    found = [one for module in modules for one in vars(module).values()]
    for cached in found:
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
    kept = {
        owner: [name for name, one in vars(owner).items() if isinstance(one, cached_property)]
        for owner in found
        if isinstance(owner, type)
    }
    for one in gc.get_objects():
        for name in kept.get(type(one), ()):
            vars(one).pop(name, None)


def _found(module: ModuleType, name: str) -> FunctionType:
    first, _, method = name.partition(".")
    found: Any = vars(module)[first]
    if method:
        found = vars(found)[method]
    while not isinstance(found, FunctionType):  # a property, a class method, a cached function or property
        names = ("fget", "__func__", "func", "__wrapped__")
        found = next(getattr(found, one) for one in names if hasattr(found, one))
    return found


def _field(owner: type, field: ast.AnnAssign) -> None:
    """Replace the default of a dataclass field, which its constructor stores."""
    init: Any = vars(owner)["__init__"]
    assert isinstance(field.target, ast.Name)
    assert field.value is not None
    value = eval(ast.unparse(field.value), vars(sys.modules[owner.__module__]))  # noqa: S307
    if field.target.id in (init.__kwdefaults__ or {}):
        init.__kwdefaults__ = {**init.__kwdefaults__, field.target.id: value}
        return
    names = init.__code__.co_varnames[: init.__code__.co_argcount]
    values, first = list(init.__defaults__), len(names) - len(init.__defaults__)
    values[names.index(field.target.id) - first] = value
    init.__defaults__ = tuple(values)


def _global(module: ModuleType, owner: ast.Assign | ast.AnnAssign) -> None:
    """Replace a constant, and the later constants of its module that are made from it."""
    changed = _assign(module, owner)
    for later in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body:
        if isinstance(later, ast.Assign | ast.AnnAssign) and later.value is not None and later.lineno > owner.lineno:
            used = {node.id for node in ast.walk(later.value) if isinstance(node, ast.Name)}
            if not used.isdisjoint(changed):
                changed |= _assign(module, later)


def _assign(module: ModuleType, owner: ast.Assign | ast.AnnAssign) -> set[str]:
    """Carry out an assignment of a module again; the names that it has changed."""
    assert owner.value is not None
    try:
        value = eval(ast.unparse(owner.value), vars(module))  # noqa: S307
    except Exception as error:
        raise KilledOnInstall("reading the module") from error
    changed: dict[str, object] = {}
    for target in owner.targets if isinstance(owner, ast.Assign) else [owner.target]:
        if isinstance(target, ast.Tuple):
            changed |= {ast.unparse(inner): one for inner, one in zip(target.elts, value, strict=True)}
        else:
            changed[ast.unparse(target)] = value
    for name, one in changed.items():
        _rebind(module, name, one)
    return {*changed}


def _rebind(module: ModuleType, name: str, value: object) -> None:
    """Rebind the name in every module that has imported it."""
    old = vars(module)[name]
    for other in list(sys.modules.values()):
        if other is not None and vars(other).get(name) is old and other.__name__.startswith(("titrate", "tests")):
            setattr(other, name, value)
