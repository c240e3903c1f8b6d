"""RML's earlier vocabulary (http://semweb.mmlab.be/ns/rml#, with ql: and rr:) as the current one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.mapping.rml.vocabulary_change import Change, changed
from emkg.rdf import IRI
from emkg.vocabulary import LEGACY_QL, LEGACY_RML, R2RML, RML

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Graph
    from emkg.rdf import Term

_CHANGE = Change(LEGACY_RML, {"query": "iterator"}, frozenset())
_QUERY, _SQL_VERSION = LEGACY_RML + "query", R2RML + "sqlVersion"
_SOURCE, _TABLE = LEGACY_RML + "source", R2RML + "tableName"
_FORMULATION, _ITERATOR = RML + "referenceFormulation", RML + "iterator"


def with_legacy(graph: Graph) -> Graph:
    """The document with every term of the earlier vocabulary replaced; any other is given back as it is.

    `rml:query`, and `rr:tableName` beside `rml:source`, become an iterator with its formulation, whatever `ql:`
    formulation stands there.
    """
    properties = {}
    for subject, found in graph.properties.items():
        own = {name: [_formulation(value) for value in values] for name, values in found.items()}
        is_table = _SOURCE in own and _TABLE in own
        if _QUERY in own or is_table:
            own.pop(_SQL_VERSION, None)
            own.pop(LEGACY_RML + "referenceFormulation", None)
            own[_FORMULATION] = [IRI(RML + ("SQL2008Table" if is_table else "SQL2008Query"))]
        if is_table:
            own[_ITERATOR] = own.pop(_TABLE)
        properties[subject] = own
    return changed(replace(graph, properties=properties), _CHANGE)


def _formulation(value: Term) -> Term:
    if isinstance(value, IRI) and value.value.startswith(LEGACY_QL):
        return IRI(RML + value.value.removeprefix(LEGACY_QL))
    return value
