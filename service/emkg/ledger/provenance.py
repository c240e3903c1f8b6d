"""A run as PROV-O statements (https://www.w3.org/TR/prov-o/), for the provenance graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from emkg.rdf import IRI, Literal
from emkg.rdf.relation import statements_of
from emkg.vocabulary import DCTERMS, EM, GRAPH, ID, PROV, RDF_TYPE, RDFS_LABEL, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import pyarrow as pa

    from emkg.ledger.record import Activity, GraphChange
    from emkg.rdf import Term

PROVENANCE_GRAPH: Final = GRAPH + "provenance"


def activity_iri(generation: int) -> str:
    """The IRI of the activity that made a generation."""
    return f"{ID}run/{generation}"


def describe_activity(
    activity: Activity, generation: int, ended: datetime, changes: Sequence[GraphChange]
) -> pa.Table:
    """The statements of one run's record: what ran, when, on which files, and which graphs it changed."""
    told = _statements(activity, generation, ended, changes)
    return statements_of((str(IRI(s)), str(IRI(p)), str(o), None) for s, p, o in told)


def _statements(
    activity: Activity, generation: int, ended: datetime, changes: Sequence[GraphChange]
) -> Iterator[tuple[str, str, Term]]:
    run = activity_iri(generation)
    agent = f"{ID}agent/{quote(activity.agent.replace(' ', '-'))}"
    yield run, RDF_TYPE, IRI(PROV + "Activity")
    yield run, RDFS_LABEL, Literal(activity.label or activity.name)
    yield run, DCTERMS + "identifier", Literal(activity.name)
    yield run, PROV + "startedAtTime", _instant(activity.started)
    yield run, PROV + "endedAtTime", _instant(ended)
    yield run, PROV + "wasAssociatedWith", IRI(agent)
    yield run, EM + "generation", _integer(generation)
    yield agent, RDF_TYPE, IRI(PROV + "SoftwareAgent")
    yield agent, RDFS_LABEL, Literal(activity.agent)
    if activity.digest:
        yield run, EM + "inputDigest", Literal(activity.digest)
    for file in activity.used:
        entity = f"{ID}file/{file.sha256}"
        yield run, PROV + "used", IRI(entity)
        yield entity, RDF_TYPE, IRI(PROV + "Entity")
        yield entity, DCTERMS + "title", Literal(file.name)
        yield entity, EM + "sha256", Literal(file.sha256)
    for change in changes:
        yield change.graph, RDF_TYPE, IRI(PROV + "Entity")
        yield change.graph, PROV + "wasGeneratedBy", IRI(run)
    counts = {
        **activity.counts,
        "statementsAdded": sum(change.added for change in changes),
        "statementsRemoved": sum(change.removed for change in changes),
    }
    for name, count in counts.items():
        yield run, EM + name, _integer(count)


def _integer(number: int) -> Literal:
    return Literal(str(number), XSD + "integer")


def _instant(instant: datetime) -> Literal:
    return Literal(instant.isoformat(timespec="milliseconds"), XSD + "dateTime")
