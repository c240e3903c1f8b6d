"""R2RML (https://www.w3.org/TR/r2rml/) as RML: logical tables become logical sources over a database."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.mapping.rml.vocabulary_change import Change, changed
from emkg.rdf import IRI, BlankNode, Literal
from emkg.vocabulary import D2RQ, R2RML, RML

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Graph
    from emkg.rdf import Subject, Term

_CHANGE = Change(
    R2RML,
    {"column": "reference", "logicalTable": "logicalSource", "tableName": "iterator", "sqlQuery": "iterator"},
    frozenset({"sqlVersion", "inverseExpression"}),
)
_TABLES = {R2RML + "tableName": "SQL2008Table", R2RML + "sqlQuery": "SQL2008Query"}
_NAMED = frozenset({R2RML + "column", R2RML + "child", R2RML + "parent"})
_QUOTED = re.compile(r'"((?:[^"]|"")+)"')
_QUOTED_IN_TEMPLATE = re.compile(r'\{"((?:[^"{}]|"")+)"\}')
_DATABASE = BlankNode("r2rml-database")
_ACCESS = {"jdbcDSN": "$R2RML_DSN", "username": "$R2RML_USER", "password": "$R2RML_PASSWORD"}


def with_r2rml(graph: Graph) -> Graph:
    """The document with every term of R2RML replaced; one without logical tables keeps its sources.

    The database is the document's one d2rq:Database, else what the environment variables R2RML_DSN, R2RML_USER
    and R2RML_PASSWORD say when the source is read. Quotes around column names are taken away.
    """
    tables = [subject for subject, found in graph.properties.items() if _TABLES.keys() & found.keys()]
    if not tables:
        return changed(graph, _CHANGE)
    properties = {
        subject: {name: [_unquoted(name, value) for value in values] for name, values in found.items()}
        for subject, found in graph.properties.items()
    }
    database = _database(graph)
    if database == _DATABASE:
        properties[database] = {D2RQ + name: [Literal(text)] for name, text in _ACCESS.items()}
    for table in tables:
        kinds = [kind for name, kind in _TABLES.items() if name in properties[table]]
        properties[table][RML + "referenceFormulation"] = [IRI(RML + kinds[0])]
        properties[table].setdefault(RML + "source", [database])
    return changed(replace(graph, properties=properties), _CHANGE)


def _database(graph: Graph) -> Subject:
    stated = [subject for subject, found in graph.properties.items() if D2RQ + "jdbcDSN" in found]
    return stated[0] if len(stated) == 1 else _DATABASE


def _unquoted(name: str, value: Term) -> Term:
    if not isinstance(value, Literal):
        return value
    if name in _NAMED:
        quoted = _QUOTED.fullmatch(value.value)
        return replace(value, value=_inner(quoted.group(1))) if quoted else value
    if name == R2RML + "template":
        text = _QUOTED_IN_TEMPLATE.sub(lambda found: "{" + _inner(found.group(1)) + "}", value.value)
        return replace(value, value=text)
    return value


def _inner(quoted: str) -> str:
    return quoted.replace('""', '"')
