"""Functions, their parameters, and the crosswalks that they read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from emkg.errors import MappingError
from emkg.mapping.call import constant_arguments, find_function, parameter_iris
from emkg.mapping.crosswalk import read_crosswalk
from emkg.mapping.function.plugin import known_functions
from emkg.mapping.model import Constant, FunctionCall, expressions_of, term_maps_of
from emkg.ontology.term import shorten
from emkg.pipeline.lint_finding import found
from emkg.sources.suggestion import closest_name
from emkg.vocabulary import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import Expression
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding

_CROSSWALK: Final = FUNCTION + "crosswalk"


def lint_functions(context: LintContext) -> Iterator[LintFinding]:
    """Every call of the mapping, those within calls too."""
    for triples_map in context.mapping.triples_maps:
        for term_map in dict.fromkeys(term_maps_of(triples_map)):
            for expression in expressions_of(term_map):
                for call in _calls(expression):
                    yield from _call_faults(context, call)


def _calls(expression: Expression) -> Iterator[FunctionCall]:
    if isinstance(expression, FunctionCall):
        yield expression
        for _, argument in expression.arguments:
            yield from _calls(argument)


def _call_faults(context: LintContext, call: FunctionCall) -> Iterator[LintFinding]:
    functions = known_functions()
    if call.function not in functions:
        near = closest_name(call.function, functions)
        place = context.text.find_iri(call.location, call.function)
        message, message_zh = _words(call)
        yield found("unknown-function", place, message, message_zh, suggestion=shorten(near) if near else "")
        return
    folder = Path(call.location.file).parent
    try:
        function = find_function(call)
        constants = constant_arguments(call, function, folder)
    except MappingError as error:
        known = parameter_iris(functions[call.function])
        unknown = next((name for name, _ in call.arguments if name not in known), "")
        place = context.text.find_iri(call.location, unknown or call.function)
        near = closest_name(unknown, known) if unknown else None
        yield found(
            "bad-parameter",
            place,
            error.message,
            error.message_zh,
            suggestion=shorten(near) if near else "",
        )
        return
    named = next((one for name, one in call.arguments if name == _CROSSWALK), None)
    if isinstance(named, Constant):
        yield from _crosswalk_faults(context, call, folder / named.term.value)
        return
    try:
        function.prepare(constants)
    except MappingError as error:
        yield found("bad-parameter", call.location, error.message, error.message_zh)


def _crosswalk_faults(context: LintContext, call: FunctionCall, path: Path) -> Iterator[LintFinding]:
    written = context.text.find(call.location, path.name)
    place = written if written != call.location else context.text.find_iri(call.location, _CROSSWALK)
    try:
        is_empty = not read_crosswalk(path, place)
    except MappingError as error:
        names = [one.name for one in path.parent.glob("*.tsv")] if path.parent.is_dir() else []
        near = "" if path.is_file() else closest_name(path.name, names) or ""
        where = f"{path.name}:{error.location.line}: " if error.location and error.location != place else ""
        yield found("bad-crosswalk", place, where + error.message, error.message_zh, suggestion=near)
        return
    if is_empty:
        yield found(
            "empty-crosswalk",
            place,
            f"the crosswalk {path.name} has no entries; every code would be quarantined",
            f"对照表 {path.name} 没有条目，所有代码都会进入隔离区",
        )


def _words(call: FunctionCall) -> tuple[str, str]:
    try:
        find_function(call)
    except MappingError as error:
        return error.message, error.message_zh
    return f"{call.function} is no function", f"没有函数 {call.function}"
