"""What is wrong with a shapes graph before anything is judged by it."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from emkg.rdf import IRI, Literal, Quad, Term
from emkg.validation.lint_finding import ShapesFinding
from emkg.validation.lint_query import query_findings
from emkg.validation.shacl_terms import BOUNDS, COUNTS, NODE_KINDS, SHAPE_LISTS, SHAPE_REFERENCES, TERMS
from emkg.vocabulary import RDF, SH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Values = dict[tuple[Term, str], list[Term]]
_REGEX_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


def lint_shapes(quads: Sequence[Quad]) -> tuple[ShapesFinding, ...]:
    """Every fault found: unknown terms, bad counts, bounds, node kinds and patterns, missing paths, recursion, queries that do not parse."""
    values: Values = defaultdict(list)
    for quad in quads:
        values[quad.subject, quad.predicate.value].append(quad.object)
    return (
        *_unknown_terms(quads),
        *_counts(values),
        *_bounds(values),
        *_node_kinds(values),
        *_patterns(values),
        *_paths(values),
        *_recursion(values),
        *query_findings(quads),
    )


def _unknown_terms(quads: Sequence[Quad]) -> Iterator[ShapesFinding]:
    terms = {term.value for quad in quads for term in (quad.predicate, quad.object) if isinstance(term, IRI)}
    for iri in sorted(terms):
        name = iri.removeprefix(SH)
        if iri.startswith(SH) and name and name not in TERMS:
            near = difflib.get_close_matches(name, TERMS, n=1)
            hint, hint_zh = (
                (f"; did you mean sh:{near[0]}?", f"；是否应为 sh:{near[0]}？") if near else ("", "")
            )
            yield ShapesFinding(
                f"sh:{name} is not a term of SHACL{hint}", f"sh:{name} 不是 SHACL 术语{hint_zh}", f"sh:{name}"
            )


def _counts(values: Values) -> Iterator[ShapesFinding]:
    for (_, predicate), objects in values.items():
        name = predicate.removeprefix(SH)
        if not predicate.startswith(SH) or name not in COUNTS:
            continue
        if len(objects) > 1:
            yield ShapesFinding(
                f"a shape has {len(objects)} values of sh:{name}; at most one is allowed",
                f"一个形状有 {len(objects)} 个 sh:{name} 值；至多允许一个",
                f"sh:{name}",
            )
        for value in objects:
            number = _number(value)
            if number is None or number < 0 or number != int(number):
                yield ShapesFinding(
                    f"sh:{name} {value} is not a non-negative integer",
                    f"sh:{name} 的值 {value} 不是非负整数",
                    f"sh:{name}",
                )


def _bounds(values: Values) -> Iterator[ShapesFinding]:
    for lower, upper in BOUNDS:
        for (shape, predicate), objects in values.items():
            if predicate != SH + lower:
                continue
            low, high = _number(objects[0]), _number(next(iter(values.get((shape, SH + upper), ())), None))
            if low is not None and high is not None and low > high:
                yield ShapesFinding(
                    f"sh:{lower} {low} is greater than sh:{upper} {high}; no value can satisfy both",
                    f"sh:{lower} {low} 大于 sh:{upper} {high}；没有值能同时满足",
                    f"sh:{lower}",
                )


def _node_kinds(values: Values) -> Iterator[ShapesFinding]:
    kinds = {SH + kind for kind in NODE_KINDS}
    for (_, predicate), objects in values.items():
        for value in objects if predicate == SH + "nodeKind" else ():
            if not isinstance(value, IRI) or value.value not in kinds:
                known = ", ".join(f"sh:{kind}" for kind in sorted(NODE_KINDS))
                yield ShapesFinding(
                    f"sh:nodeKind {value} is none of {known}", f"sh:nodeKind 的值 {value} 无效", "sh:nodeKind"
                )


def _patterns(values: Values) -> Iterator[ShapesFinding]:
    for (shape, predicate), objects in values.items():
        for value in objects if predicate == SH + "pattern" else ():
            letters = "".join(
                flag.value for flag in values.get((shape, SH + "flags"), ()) if isinstance(flag, Literal)
            )
            fault = _regex_fault(value, letters)
            if fault:
                yield ShapesFinding(
                    f"sh:pattern {value} is not a usable regular expression: {fault}",
                    f"sh:pattern 的值 {value} 不是可用的正则表达式：{fault}",
                    "sh:pattern",
                )


def _regex_fault(value: Term, letters: str) -> str | None:
    if not isinstance(value, Literal):
        return "not a string"
    flags = re.NOFLAG
    for letter in letters:
        if letter not in _REGEX_FLAGS:
            return f"unknown flag {letter}"
        flags |= _REGEX_FLAGS[letter]
    try:
        re.compile(value.value, flags)
    except re.error as error:
        return str(error)
    return None


def _paths(values: Values) -> Iterator[ShapesFinding]:
    for (_, predicate), objects in values.items():
        for shape in objects if predicate == SH + "property" else ():
            described = any(subject == shape for subject, _ in values)
            if described and len(values.get((shape, SH + "path"), ())) != 1:
                yield ShapesFinding(
                    f"the property shape {shape} does not have exactly one sh:path",
                    f"属性形状 {shape} 没有恰好一个 sh:path",
                    "sh:property",
                )


def _recursion(values: Values) -> Iterator[ShapesFinding]:
    references = _references(values)
    for shape in sorted(references, key=str):
        reached: set[Term] = set()
        waiting = list(references[shape])
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                waiting += references.get(node, [])
        if shape in reached:
            yield ShapesFinding(
                f"the shape {shape} refers to itself; recursion is not defined by SHACL and is refused",
                f"形状 {shape} 引用了自身；SHACL 未定义递归，不予受理",
                str(shape)[1:-1].rsplit("#", 1)[-1],
            )
            return


def _references(values: Values) -> dict[Term, list[Term]]:
    references: dict[Term, list[Term]] = defaultdict(list)
    for (shape, predicate), objects in values.items():
        name = predicate.removeprefix(SH)
        if name in SHAPE_REFERENCES:
            references[shape] += objects
        elif name in SHAPE_LISTS:
            references[shape] += [item for head in objects for item in _items(values, head)]
    return references


def _items(values: Values, head: Term) -> Iterator[Term]:
    seen: set[Term] = set()
    while head not in seen and (first := values.get((head, RDF + "first"))):
        seen.add(head)
        yield first[0]
        head = next(iter(values.get((head, RDF + "rest"), ())), IRI(RDF + "nil"))


def _number(term: Term | None) -> Decimal | None:
    if not isinstance(term, Literal):
        return None
    try:
        return Decimal(term.value)
    except InvalidOperation:
        return None
