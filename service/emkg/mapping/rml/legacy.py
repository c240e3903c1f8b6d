"""RML's earlier vocabulary (http://semweb.mmlab.be/ns/rml#, with ql:, fnml: and rr:) as the current one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emkg.mapping.rml.vocabulary_change import Change, changed
from emkg.rdf import IRI, Literal
from emkg.vocabulary import LEGACY_FNML, LEGACY_QL, LEGACY_RML, R2RML, RML

if TYPE_CHECKING:
    from emkg.mapping.rml.graph import Graph, Properties
    from emkg.rdf import Subject, Term

_CHANGE = Change(LEGACY_RML, {"query": "iterator"}, frozenset())
_QUERY, _SQL_VERSION = LEGACY_RML + "query", R2RML + "sqlVersion"
_SOURCE, _TABLE = LEGACY_RML + "source", R2RML + "tableName"
_FUNCTION_VALUE = LEGACY_FNML + "functionValue"
_EXECUTES = frozenset(f"{scheme}://w3id.org/function/ontology#executes" for scheme in ("http", "https"))
_FORMULATION, _ITERATOR = RML + "referenceFormulation", RML + "iterator"


def with_legacy(graph: Graph) -> Graph:
    """The document with every term of the earlier vocabulary replaced; any other is given back as it is.

    A function value (`fnml:functionValue`), whose predicate-object maps name the function and its parameters, becomes a
    function execution with these as its inputs. `rml:query`, and `rr:tableName` beside `rml:source`, become an iterator with its formulation, whatever `ql:`
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
    executions: dict[Term, None] = {}  # several term maps may have one
    for found in properties.values():
        if _FUNCTION_VALUE in found:
            found[RML + "functionExecution"] = found.pop(_FUNCTION_VALUE)
            executions |= dict.fromkeys(found[RML + "functionExecution"])
    for execution in executions:
        if not isinstance(execution, Literal):
            _execute(execution, properties)
    return changed(replace(graph, properties=properties), _CHANGE)


def _execute(execution: Subject, properties: Properties) -> None:
    """A function value as a function execution; its predicate-object maps stay the nodes that errors name."""
    own = properties.get(execution, {})
    inputs: list[Term] = []
    for entry in own.pop(R2RML + "predicateObjectMap", []):
        found = {} if isinstance(entry, Literal) else properties.get(entry, {})
        predicates = _constants(found, "predicate", properties)
        values = {
            RML + "inputValue": found.get(R2RML + "object", []),
            RML + "inputValueMap": found.get(R2RML + "objectMap", []),
        }
        if any(one.value in _EXECUTES for one in predicates):
            own.setdefault(RML + "function", []).extend(_constants(found, "object", properties))
        elif not isinstance(entry, Literal):
            properties[entry] = {
                RML + "parameter": predicates,
                **{name: each for name, each in values.items() if each},
            }
            inputs.append(entry)
    # a source or subject of its own says nothing: the row is that of the term map
    for name in (LEGACY_RML + "logicalSource", R2RML + "subjectMap", R2RML + "subject"):
        own.pop(name, None)
    own[RML + "input"] = inputs
    properties[execution] = own


def _constants(found: dict[str, list[Term]], name: str, properties: Properties) -> list[Term]:
    """What `rr:predicate` or `rr:object` says, or its map by a constant."""
    maps = [one for one in found.get(f"{R2RML}{name}Map", []) if not isinstance(one, Literal)]
    constants = [value for one in maps for value in properties.get(one, {}).get(R2RML + "constant", [])]
    return [*found.get(R2RML + name, []), *constants]


def _formulation(value: Term) -> Term:
    if isinstance(value, IRI) and value.value.startswith(LEGACY_QL):
        return IRI(RML + value.value.removeprefix(LEGACY_QL))
    return value
