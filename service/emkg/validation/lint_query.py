"""What is wrong with the queries of a shapes graph: constraints, components and targets in SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from emkg.errors import QueryRefusedError, QuerySyntaxError
from emkg.plan import Variable
from emkg.plan.request import AskQuery, SelectQuery
from emkg.plan.sparql import parse_query
from emkg.rdf import Literal
from emkg.validation.lint_finding import ShapesFinding
from emkg.validation.shape import Shapes
from emkg.validation.sparql_check import declared_prefixes, prebinding_faults, with_path
from emkg.vocabulary import SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emkg.rdf import Quad

_FORMS: Final = {SH + "select": SelectQuery, SH + "ask": AskQuery}
_ANY_PATH: Final = "<urn:emkg:path>"


def query_findings(quads: Sequence[Quad]) -> Iterator[ShapesFinding]:
    """A query that does not parse, is of another form than its property says, or has what pre-binding does not allow."""
    model = Shapes(quads)
    constraints = {quad.object for quad in quads if quad.predicate.value == SH + "sparql"}
    for quad in quads:
        form = _FORMS.get(quad.predicate.value)
        if form is None or not isinstance(quad.object, Literal):
            continue
        name, text = quad.predicate.value.removeprefix(SH), quad.object.value
        prefixes = declared_prefixes(model.shape(quad.subject), model)
        try:
            query = parse_query(with_path(text, _ANY_PATH), prefixes=prefixes)
        except QuerySyntaxError as error:
            yield _unparsed(name, text, error)
        except QueryRefusedError as error:
            yield ShapesFinding(
                f"sh:{name}: {error.message}", f"sh:{name}：{error.message_zh}", _first_line(text)
            )
        else:
            if not isinstance(query, form):
                kind = name.upper()
                yield ShapesFinding(
                    f"the query of sh:{name} is no {kind} query",
                    f"sh:{name} 的查询不是 {kind} 查询",
                    _first_line(text),
                )
            elif quad.subject in constraints:
                for fault, fault_zh in prebinding_faults(query.pattern, {Variable("this")}):
                    yield ShapesFinding(f"sh:{name}: {fault}", f"sh:{name}：{fault_zh}", _first_line(text))


def _unparsed(name: str, text: str, error: QuerySyntaxError) -> ShapesFinding:
    lines = text.splitlines() or [""]
    line = min((error.location.line if error.location else None) or 1, len(lines))
    column = error.location.column if error.location else None
    return ShapesFinding(
        f"sh:{name} does not parse: {error.message} (line {line}, column {column} of the query)",
        f"sh:{name} 无法解析：{error.message_zh or error.message}（查询第 {line} 行第 {column} 列）",
        lines[line - 1].strip() or _first_line(text),
    )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "sh:")
