"""What is said of a thing: by the ledger, and by the ontology's modules where the ledger is silent."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from emkg.rdf import IRI, BlankNode, Literal, Quad
from emkg.vocabulary import RDFS_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emkg.api.service import SparqlEvaluator
    from emkg.ontology import Ontology
    from emkg.plan import Solution
    from emkg.rdf import Term

MENTIONS_SHOWN: Final = 100


@dataclass(frozen=True)
class Said:
    """One statement of the thing: its graph (empty for the modules'), predicate and object."""

    graph: str
    predicate: str
    object: Term


@dataclass(frozen=True)
class Thing:
    """A thing as it can be shown.

    Attributes:
        iri: Its IRI.
        said: Statements of it, by graph and predicate.
        mentions: What mentions it: subject and predicate, `MENTIONS_SHOWN` at most.
        has_more: Whether more than those mention it.
        labels: Labels of it and of what it is related to, by IRI and language.
        generation: The ledger's generation that was read.
    """

    iri: str
    said: tuple[Said, ...]
    mentions: tuple[tuple[str, str], ...]
    has_more: bool
    labels: Mapping[str, Mapping[str, str]]
    generation: int

    @property
    def quads(self) -> tuple[Quad, ...]:
        """Its statements, each once, without their graphs."""
        kept = dict.fromkeys((each.predicate, each.object) for each in self.said)
        return tuple(Quad(IRI(self.iri), IRI(predicate), term) for predicate, term in kept)


def find_thing(iri: str, evaluator: SparqlEvaluator, ontology: Ontology) -> Thing | None:
    """What is said of an IRI; None where nothing is.

    Raises:
        LimitError: The ledger did not answer within its limits.
    """
    bindings = {"thing": (IRI(iri),)}
    about = evaluator.select(_query("thing"), bindings)
    around = evaluator.select(_query("mentions"), bindings)
    said = tuple(
        dict.fromkeys(
            Said(_text(row.get("graph")), _text(row.get("predicate")), row["object"]) for row in about.rows
        )
    )
    said = said or tuple(_of_modules(iri, ontology))
    mentions = tuple(
        dict.fromkeys((_text(row.get("subject")), _text(row.get("predicate"))) for row in around.rows)
    )
    if not said and not mentions:
        return None
    return Thing(
        iri=iri,
        said=said,
        mentions=mentions[:MENTIONS_SHOWN],
        has_more=len(mentions) > MENTIONS_SHOWN,
        labels=_labels(iri, said, (*about.rows, *around.rows)),
        generation=about.generation,
    )


def _of_modules(iri: str, ontology: Ontology) -> Iterable[Said]:
    return (
        Said("", quad.predicate.value, quad.object)
        for quad in ontology.quads
        if quad.subject == IRI(iri) and not isinstance(quad.object, BlankNode)
    )


def _labels(iri: str, said: Iterable[Said], rows: Iterable[Solution]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in said:
        if each.predicate == RDFS_LABEL and isinstance(each.object, Literal):
            found.setdefault(iri, {}).setdefault(each.object.language, each.object.value)
    for row in rows:
        label, named = row.get("label"), row.get("object", row.get("subject"))
        if isinstance(label, Literal) and isinstance(named, IRI):
            found.setdefault(named.value, {}).setdefault(label.language, label.value)
    return found


def _query(name: str) -> str:
    return (files("emkg.api") / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def _text(term: Term | None) -> str:
    return term.value if term is not None else ""
