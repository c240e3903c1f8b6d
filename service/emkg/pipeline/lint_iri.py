"""Templates that make no IRIs, the same IRI for every row, or the same IRI for different keys."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from emkg.mapping.expression import references
from emkg.mapping.model import Constant, Reference, RowKey, Template, TermMap, TermType
from emkg.pipeline.lint_finding import Severity, found
from emkg.pipeline.lint_statement import form_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import TriplesMap
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding

_BAD: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ONE_ITEM: Final = frozenset({"$", "/*", "/"})
_IRIS: Final = frozenset({TermType.IRI, TermType.URI, TermType.UNSAFE_IRI})


def lint_iris(context: LintContext) -> Iterator[LintFinding]:
    """Every IRI template of the mapping, and the subjects beside each other."""
    for triples_map in context.mapping.triples_maps:
        for term_map in _iri_maps(triples_map):
            yield from _template_faults(term_map)
        yield from _constant_key(triples_map)
    yield from _duplicates(context)


def _iri_maps(triples_map: TriplesMap) -> Iterator[TermMap]:
    maps = [triples_map.subject, *triples_map.graphs]
    for predicate_object in triples_map.predicate_objects:
        maps += predicate_object.predicates
        maps += [item for item in predicate_object.objects if isinstance(item, TermMap)]
    yield from (one for one in dict.fromkeys(maps) if one.term_type in _IRIS)


def _template_faults(term_map: TermMap) -> Iterator[LintFinding]:
    expression, place = term_map.expression, term_map.location
    if isinstance(expression, Reference):
        yield found(
            "unsafe-iri",
            place,
            f"the value of {expression.text} is taken for an IRI as it is; what is none goes to quarantine",
            f"{expression.text} 的值原样作为 IRI；不是 IRI 的值进入隔离区",
            severity=Severity.NOTE,
        )
        return
    if not isinstance(expression, Template):
        return
    bad = next(
        (hit for part in expression.parts if isinstance(part, str) and (hit := _BAD.search(part))), None
    )
    if bad:
        yield found(
            "invalid-iri",
            place,
            f"the template holds {bad.group()!r}, which no IRI may hold; every value would be quarantined",
            f"模板含有 IRI 不允许的字符 {bad.group()!r}，所有值都会进入隔离区",
        )
    if term_map.term_type is TermType.UNSAFE_IRI:
        yield found(
            "unsafe-iri",
            place,
            "the values of this template are not encoded; a space or Chinese punctuation in one makes no IRI",
            "该模板的值不做编码；值中的空格等字符会使 IRI 非法",
        )
    if any(
        isinstance(one, Reference) and isinstance(other, Reference)
        for one, other in pairwise(expression.parts)
    ):
        yield found(
            "ambiguous-key",
            place,
            "two references stand side by side, so that different values may make one IRI; put / between them",
            "两个引用相连，不同的值可能生成同一个 IRI；请在其间加 /",
            suggestion="/",
        )


def _constant_key(triples_map: TriplesMap) -> Iterator[LintFinding]:
    expression = triples_map.subject.expression
    is_made_of_row = isinstance(expression, RowKey) or any(references(expression))
    if not is_made_of_row and triples_map.source.iterator not in _ONE_ITEM:
        text = expression.term.value if isinstance(expression, Constant) else "it"
        yield found(
            "constant-key",
            triples_map.subject.location,
            f"every row makes the subject {text}; its key is missing",
            f"每一行都生成同一主语 {text}；缺少主键",
        )


def _duplicates(context: LintContext) -> Iterator[LintFinding]:
    seen: dict[object, TriplesMap] = {}
    for triples_map in context.mapping.triples_maps:
        form = form_of(triples_map.subject.expression)
        if form is None or None not in form:
            continue
        first = seen.setdefault(form, triples_map)
        own, other = (list(references(one.subject.expression)) for one in (triples_map, first))
        if own != other:
            name = first.iri.rpartition("#")[2]
            yield found(
                "duplicate-subject",
                triples_map.subject.location,
                f"{name} (line {first.subject.location.line}) makes such subjects from {', '.join(other)}, "
                f"this one from {', '.join(own)}; equal values are one thing",
                f"{name}（第 {first.subject.location.line} 行）由 {'、'.join(other)} 生成同样形式的主语，"
                f"此处由 {'、'.join(own)} 生成；值相同即为同一事物",
            )
