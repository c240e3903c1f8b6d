"""Sources: whether they are there, can be decoded, and have what the mapping reads of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.errors import Location, SourceError
from emkg.mapping.demand import find_parent
from emkg.mapping.expression import references
from emkg.mapping.model import RefObjectMap, expressions_of, term_maps_of
from emkg.pipeline.lint_encoding import wrong_encoding
from emkg.pipeline.lint_finding import Severity, found, hints
from emkg.pipeline.lint_source_names import TREES, is_unnamed
from emkg.sources import Formulation
from emkg.sources.description import INDEX
from emkg.sources.suggestion import closest_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping.model import Mapping, TriplesMap
    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding
    from emkg.sources import SourceDescription

_MAX_LISTED: Final = 20


def lint_sources(context: LintContext) -> Iterator[LintFinding]:
    """Each source once, then every reference into those that can be read."""
    judged: dict[str, bool] = {}
    for triples_map in context.mapping.triples_maps:
        source = triples_map.source
        if repr(source) not in judged:
            faults = list(_source_faults(context, triples_map))
            judged[repr(source)] = not faults
            yield from faults
    for triples_map in context.mapping.triples_maps:
        yield from _bad_joins(context, triples_map)
        if judged[repr(triples_map.source)]:
            yield from _unknown_references(context, triples_map)
            yield from _unknown_in_views(context, triples_map)
        yield from _unknown_joins(context, triples_map, judged)
    yield from _unmapped(context, judged)


def place_of(context: LintContext, triples_map: TriplesMap) -> Location:
    """Where the mapping names the file of a triples map's source: at the map itself, else at the first mention."""
    name, text = triples_map.source.path.name, context.text
    own = text.find(triples_map.location, name, until=context.end_of(triples_map))
    if own != triples_map.location:
        return own
    first = Location(triples_map.location.file, 1, 1)
    at_top = text.find(first, name)
    return triples_map.location if at_top == first else at_top


def _source_faults(context: LintContext, triples_map: TriplesMap) -> Iterator[LintFinding]:
    source, place = triples_map.source, place_of(context, triples_map)
    if is_unnamed(source):
        yield found(
            "unchecked-source",
            place,
            f"{source.path.name} is in the data folder, and none was given (--data); its columns were not checked",
            f"{source.path.name} 位于数据目录，而未指定目录（--data）；未核对其列",
        )
        return
    if any(each.url for each in source.sources):
        yield found(
            "unchecked-source",
            place,
            f"{source.path.name} is fetched when the mapping runs; its columns were not checked",
            f"{source.path.name} 在运行映射时获取；未核对其列",
        )
        return
    wrong = wrong_encoding(source)
    if wrong is not None:
        hint, hint_zh = hints(wrong.able)
        declared = context.text.find(place, source.encoding, until=context.end_of(triples_map))
        near = declared if (declared.line or 0) - (place.line or 0) in range(8) else place
        yield found(
            "wrong-encoding",
            near,
            f"{source.path.name} is no {source.encoding} text from byte {wrong.offset} on{hint}",
            f"{source.path.name} 自第 {wrong.offset} 字节起不是 {source.encoding} 编码{hint_zh}",
            suggestion=wrong.able[0] if wrong.able else "",
        )
        return
    try:
        context.reader.names(source)
    except SourceError as error:
        yield found(
            "missing-source",
            place,
            f"{source.path.name}: {error.message}",
            f"{source.path.name}：{error.message_zh or error.message}",
        )


def _unknown_references(context: LintContext, triples_map: TriplesMap) -> Iterator[LintFinding]:
    read = list(_read_by(triples_map, context.mapping))
    source = triples_map.source
    try:
        absent = context.reader.absent(source, [reference for reference, _ in read])
    except SourceError as error:
        place = place_of(context, triples_map)
        yield found("missing-source", place, f"{source.path.name}: {error.message}", error.message_zh)
        return
    for reference, start in dict.fromkeys(read):
        if reference in absent:
            place = context.text.find_reference(start, reference, context.end_of(triples_map))
            yield _unknown(context, "unknown-reference", source, reference, place)


def _unknown_in_views(context: LintContext, triples_map: TriplesMap) -> Iterator[LintFinding]:
    """What a view's fields refer to in the sources that it is made of; fields within fields are not looked into."""
    first = Location(triples_map.location.file, 1, 1)
    for source, wanted in triples_map.source.viewed:
        try:
            absent = context.reader.absent(source, wanted)
        except SourceError as error:
            place = context.text.find(first, source.path.name)
            yield found("missing-source", place, f"{source.path.name}: {error.message}", error.message_zh)
            continue
        for reference in sorted(absent):
            yield _unknown(
                context, "unknown-reference", source, reference, context.text.find_reference(first, reference)
            )


def _unknown_joins(
    context: LintContext, triples_map: TriplesMap, judged: dict[str, bool]
) -> Iterator[LintFinding]:
    for item in _joins(triples_map):
        parent = find_parent(item, context.mapping)
        for join in item.joins:
            for side, owner in ((join.child, triples_map), (join.parent, parent)):
                if not judged.get(repr(owner.source)):
                    continue
                for reference in sorted(context.reader.absent(owner.source, references(side))):
                    place = context.text.find_reference(item.location, reference, context.end_of(triples_map))
                    yield _unknown(context, "unknown-join-column", owner.source, reference, place)


def _bad_joins(context: LintContext, triples_map: TriplesMap) -> Iterator[LintFinding]:
    for item in _joins(triples_map):
        parent = find_parent(item, context.mapping)
        if not item.joins and parent.source != triples_map.source:
            name = parent.iri.rpartition("#")[2]
            yield found(
                "bad-join",
                item.location,
                f"{name} reads another source; a reference to it needs a condition",
                f"{name} 读取另一数据源；引用它需要连接条件",
            )


def _unknown(
    context: LintContext, code: str, source: SourceDescription, reference: str, place: Location
) -> LintFinding:
    names = context.reader.names(source)
    near = closest_name(reference, names) or ""
    hint, hint_zh = hints((near,) if near else ())
    known = "" if near else f"; it has {', '.join(names[:_MAX_LISTED]) or 'nothing'}"
    known_zh = "" if near else f"；现有：{'、'.join(names[:_MAX_LISTED]) or '无'}"
    return found(
        code,
        place,
        f"{source.path.name} has no {reference}{hint}{known}",
        f"{source.path.name} 中没有“{reference}”{hint_zh}{known_zh}",
        suggestion=near,
        severity=Severity.WARNING if source.formulation in TREES else None,
    )


def _unmapped(context: LintContext, judged: dict[str, bool]) -> Iterator[LintFinding]:
    told: set[str] = set()
    for triples_map in context.mapping.triples_maps:
        key = repr(triples_map.source)
        if key in told or not judged[key]:
            continue
        told.add(key)
        read = {
            _plain(reference, one.source.formulation)
            for mapping in context.mappings
            for one in mapping.triples_maps
            if _is_same_data(one.source, triples_map.source)
            for reference in _all_of(one, mapping)
        }
        own = triples_map.source.row_number
        kind = triples_map.source.formulation
        names = context.reader.names(triples_map.source)
        left = [name for name in names if _plain(name, kind) not in read and name != own]
        left = [name for name in left if triples_map.source.view is None or not name.endswith(INDEX)]
        if left:
            listed = ", ".join(left[:_MAX_LISTED]) + (", …" if len(left) > _MAX_LISTED else "")
            file = triples_map.source.path.name
            yield found(
                "unmapped-column",
                place_of(context, triples_map),
                f"{file} has columns that nothing reads ({len(left)}): {listed}",
                f"{file} 有 {len(left)} 列未被读取：{listed}",
            )


def _plain(reference: str, formulation: Formulation) -> str:
    """A path without what chooses among several values: `a[0]` and `a[*]` read one thing."""
    if formulation not in TREES:
        return reference
    if formulation is Formulation.XML:
        return re.sub(r"\[[^\]]*\]|^\./", "", reference)
    return re.sub(r"\[-?\d+\]", "[*]", reference).removeprefix("$.").removeprefix("@.")


def _is_same_data(one: SourceDescription, other: SourceDescription) -> bool:
    def key(source: SourceDescription) -> tuple[object, ...]:
        return (source.path, source.formulation, source.iterator, source.sheet, source.query)

    return key(one) == key(other)


def _all_of(triples_map: TriplesMap, mapping: Mapping) -> Iterator[str]:
    yield from (reference for reference, _ in _read_by(triples_map, mapping))
    for item in _joins(triples_map):
        yield from (reference for join in item.joins for reference in references(join.child))
    for other in mapping.triples_maps:
        for item in _joins(other):
            if item.parent_triples_map == triples_map.iri:
                yield from (reference for join in item.joins for reference in references(join.parent))


def _joins(triples_map: TriplesMap) -> Iterator[RefObjectMap]:
    for predicate_object in triples_map.predicate_objects:
        yield from (item for item in predicate_object.objects if isinstance(item, RefObjectMap))


def _read_by(triples_map: TriplesMap, mapping: Mapping) -> Iterator[tuple[str, Location]]:
    """Every reference of the triples map's own term maps, with the place of the term map."""
    for term_map in term_maps_of(triples_map):
        for expression in expressions_of(term_map):
            yield from ((reference, term_map.location) for reference in references(expression))
    for item in _joins(triples_map):
        if not item.joins:
            parent = find_parent(item, mapping)
            if parent.source == triples_map.source:
                yield from ((text, parent.subject.location) for text in references(parent.subject.expression))
