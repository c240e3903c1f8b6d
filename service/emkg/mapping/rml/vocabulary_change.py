"""One vocabulary's terms in place of another's, places kept, so that errors name the document's own lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emkg.rdf import IRI
from emkg.vocabulary import RDF_TYPE, RML

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.mapping.rml.graph import Graph
    from emkg.rdf import Term

_WITH_TERMS = frozenset({RDF_TYPE, RML + "termType", RML + "graph", RML + "constant"})


@dataclass(frozen=True)
class Change:
    """A vocabulary whose local names are RML's, but for those renamed and those that say nothing to a processor."""

    vocabulary: str
    renamed: Mapping[str, str]
    silent: frozenset[str]


def changed(graph: Graph, change: Change) -> Graph:
    """The graph in RML's vocabulary.

    A local name that RML does not have is kept, so that the parser refuses it where it stands.
    """
    properties = {}
    for subject, found in graph.properties.items():
        own: dict[str, list[Term]] = {}
        for name, values in found.items():
            new = _property(name, change)
            if new:
                own.setdefault(new, []).extend(_value(new, value, change) for value in values)
        properties[subject] = own
    return replace(graph, properties=properties)


def _property(name: str, change: Change) -> str:
    if not name.startswith(change.vocabulary):
        return name
    local = name.removeprefix(change.vocabulary)
    return "" if local in change.silent else RML + change.renamed.get(local, local)


def _value(name: str, value: Term, change: Change) -> Term:
    is_term = name in _WITH_TERMS and isinstance(value, IRI) and value.value.startswith(change.vocabulary)
    return IRI(RML + value.value.removeprefix(change.vocabulary)) if is_term else value
