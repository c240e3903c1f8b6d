"""YARRRML (https://rml.io/yarrrml/spec/) to the mapping model, every node with its line and column."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from emkg.mapping.fault import unknown_name
from emkg.mapping.model import Constant, Mapping, PredicateObjectMap, TermMap, TriplesMap, conditional
from emkg.mapping.yarrrml.function import function_call, reference_objects
from emkg.mapping.yarrrml.node import read_document
from emkg.mapping.yarrrml.source import parse_source
from emkg.mapping.yarrrml.term import graph_map, object_map, predicate_map, qualified_object, subject_map
from emkg.mapping.yarrrml.text import Scope
from emkg.rdf import IRI
from emkg.vocabulary import MAPPING, PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emkg.mapping.model import RefObjectMap
    from emkg.mapping.yarrrml.node import Node
    from emkg.sources.description import SourceDescription

_DOCUMENT: dict[str, tuple[str, ...]] = {
    "prefixes": (),
    "base": (),
    "sources": (),
    "mappings": ("mapping", "m"),
    "authors": ("author",),
}
_MAPPING: dict[str, tuple[str, ...]] = {
    "sources": ("source",),
    "subjects": ("subject", "s"),
    "predicateobjects": ("predicateobject", "po"),
    "graphs": ("graph", "g"),
    "condition": ("c",),
}
_PREDICATE_OBJECT: dict[str, tuple[str, ...]] = {
    "predicates": ("predicate", "p"),
    "objects": ("object", "o"),
    "graphs": ("graph", "g"),
    "condition": ("c",),
}
_NOT_IN_FRAGMENT = re.compile(r'[\x00-\x20<>"{}|^`\\#%\[\]]')


def parse_yarrrml(path: Path, *, data_root: Path | None = None) -> Mapping:
    """Read one YARRRML document.

    A mapping with several sources or subjects becomes one triples map for each pair of them. The prefixes of
    `vocabulary.PREFIXES` need no declaration; a declared one wins.

    Raises:
        MappingError: Anything that is not understood; nothing is skipped.
    """
    root = read_document(path)
    fields = root.fields("the document", _DOCUMENT)
    if "mappings" not in fields:
        raise root.fault("the document has no mappings", "文档缺少 mappings")
    named = {key.text("a name"): value for key, value in _pairs(fields.get("sources"), "sources")}
    drafts = [_Draft(key, value, named) for key, value in _pairs(fields["mappings"], "mappings")]
    scope = Scope(
        path=path.resolve(),
        prefixes=PREFIXES
        | {
            key.text("a prefix"): ns.text("a namespace")
            for key, ns in _pairs(fields.get("prefixes"), "prefixes")
        },
        base=fields["base"].text("base") if "base" in fields else None,
        data_root=data_root,
        triples_maps={draft.name: draft.iris(path.stem) for draft in drafts},
    )
    sources = {name: parse_source(node, scope) for name, node in named.items()}
    return Mapping(str(path), tuple(made for draft in drafts for made in draft.triples_maps(scope, sources)))


class _Draft:
    """One entry of `mappings`, its keys found and its parts not yet read."""

    def __init__(self, key: Node, value: Node, sources: dict[str, Node]) -> None:
        self.name = key.text("a mapping's name")
        self._key = key
        fields = value.fields(f"the mapping {self.name!r}", _MAPPING)
        for needed in ("sources", "subjects"):
            if needed not in fields:
                raise key.fault(
                    f"the mapping {self.name!r} has no {needed}", f"映射“{self.name}”缺少 {needed}"
                )
        self._sources = _source_items(fields["sources"])
        self._subjects = fields["subjects"].items() or [fields["subjects"]]
        self._condition = fields.get("condition")
        self._graphs = fields["graphs"].items() if "graphs" in fields else []
        self._predicate_objects = fields["predicateobjects"].items() if "predicateobjects" in fields else []
        self._known = sources

    def iris(self, stem: str) -> tuple[str, ...]:
        """The IRI of each triples map: `#name`, then `#name-2` and so on."""
        fragment = _NOT_IN_FRAGMENT.sub(lambda match: quote(match.group(), safe=""), self.name)
        base = f"{MAPPING}{quote(stem)}#{fragment}"
        count = len(self._sources) * len(self._subjects)
        return (base, *(f"{base}-{number}" for number in range(2, count + 1)))

    def triples_maps(self, scope: Scope, sources: dict[str, SourceDescription]) -> Iterable[TriplesMap]:
        """One triples map for each source with each subject."""
        graphs = tuple(graph_map(node, scope) for node in self._graphs)
        classes, maps = _split_classes([_predicate_object(node, scope) for node in self._predicate_objects])
        pairs = [(source, subject) for source in self._sources for subject in self._subjects]
        for iri, (source, subject) in zip(scope.triples_maps[self.name], pairs, strict=True):
            yield TriplesMap(
                iri=iri,
                source=self._source(source, scope, sources),
                subject=self._subject(subject, scope),
                classes=classes,
                graphs=graphs,
                predicate_objects=maps,
                location=self._key.location,
                base=scope.base,
            )

    def _subject(self, node: Node, scope: Scope) -> TermMap:
        made = subject_map(node, scope)
        return conditional(made, function_call(self._condition, scope)) if self._condition else made

    def _source(self, node: Node, scope: Scope, sources: dict[str, SourceDescription]) -> SourceDescription:
        if node.is_map or node.is_list or "~" in node.text("a source"):
            return parse_source(node, scope)
        name = node.text("a source")
        if name not in sources:
            raise unknown_name(
                node.location, "source of this document", "本文档中的数据源", name, self._known
            )
        return sources[name]


def _pairs(node: Node | None, what: str) -> list[tuple[Node, Node]]:
    return node.pairs(what) if node else []


def _source_items(node: Node) -> list[Node]:
    items = node.items()
    is_one_source = node.is_list and bool(items) and not items[0].is_list and "~" in str(items[0].raw.value)
    if is_one_source:
        return [node]
    if not items:
        raise node.fault("sources are empty", "数据源为空")
    return items


def _predicate_object(node: Node, scope: Scope) -> PredicateObjectMap:
    if node.is_map:
        fields = node.fields("a predicate-object", _PREDICATE_OBJECT)
        for needed in ("predicates", "objects"):
            if needed not in fields:
                raise node.fault(f"a predicate-object needs {needed}", f"谓语宾语缺少 {needed}")
        graphs = (
            tuple(graph_map(item, scope) for item in fields["graphs"].items()) if "graphs" in fields else ()
        )
        made = _statements(node, fields["predicates"], fields["objects"].items(), graphs, scope)
        return _on_condition(made, fields["condition"], scope) if "condition" in fields else made
    items = node.items() if node.is_list else []
    if not 2 <= len(items) <= 3:  # noqa: PLR2004 - predicate, object, qualifier
        message = (
            "a predicate-object is [predicate, object], [predicate, object, datatype or tag~lang] or a map"
        )
        raise node.fault(message, "谓语宾语写作 [谓语, 宾语]、[谓语, 宾语, 数据类型或 语言~lang] 或键值映射")
    if len(items) == 2:  # noqa: PLR2004 - no qualifier
        return _statements(node, items[0], items[1].items(), (), scope)
    predicates = _predicates(items[0], scope)
    objects = tuple(qualified_object(item, items[2], scope) for item in items[1].items())
    return PredicateObjectMap(predicates, objects, (), node.location)


def _statements(
    node: Node, predicate: Node, objects: list[Node], graphs: tuple[TermMap, ...], scope: Scope
) -> PredicateObjectMap:
    predicates = _predicates(predicate, scope)
    if not objects:
        raise node.fault("a predicate-object has no object", "缺少宾语")
    as_iri = _is_type(predicates)
    made = tuple(each for item in objects for each in _objects(item, scope, as_iri=as_iri))
    return PredicateObjectMap(predicates, made, graphs, node.location)


def _on_condition(made: PredicateObjectMap, node: Node, scope: Scope) -> PredicateObjectMap:
    """Without a predicate there is no statement, whatever makes its object."""
    condition = function_call(node, scope)
    return replace(made, predicates=tuple(conditional(one, condition) for one in made.predicates))


def _predicates(node: Node, scope: Scope) -> tuple[TermMap, ...]:
    made = tuple(predicate_map(item, scope) for item in node.items())
    if not made:
        raise node.fault("a predicate-object has no predicate", "缺少谓语")
    return made


def _objects(node: Node, scope: Scope, *, as_iri: bool) -> tuple[TermMap | RefObjectMap, ...]:
    if node.is_map and any(key.raw.value in {"mapping", "m"} for key, _ in node.pairs("an object")):
        return reference_objects(node, scope)
    return (object_map(node, scope, as_iri=as_iri),)


def _is_type(predicates: tuple[TermMap, ...]) -> bool:
    return all(
        predicate.expression == Constant(IRI(RDF_TYPE)) and predicate.is_constant for predicate in predicates
    )


def _split_classes(maps: list[PredicateObjectMap]) -> tuple[tuple[str, ...], tuple[PredicateObjectMap, ...]]:
    """Constant classes apart from the other predicate-object maps, which keep what is not constant."""
    classes: list[str] = []
    rest: list[PredicateObjectMap] = []
    for made in maps:
        if made.graphs or not _is_type(made.predicates):
            rest.append(made)
            continue
        others = []
        for each in made.objects:
            if (
                isinstance(each, TermMap)
                and isinstance(each.expression, Constant)
                and isinstance(each.expression.term, IRI)
            ):
                classes.append(each.expression.term.value)
            else:
                others.append(each)
        if others:
            rest.append(PredicateObjectMap(made.predicates, tuple(others), (), made.location))
    return tuple(dict.fromkeys(classes)), tuple(rest)
