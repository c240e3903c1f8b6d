"""What plans are ordered by: how many statements a relation holds, predicate by predicate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ledger import term_id
from emkg.plan import Counts, Statistics
from emkg.rdf import IRI, parse_term
from emkg.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from emkg.ledger import Workbench
    from emkg.rdf import Term


def statistics_of(workbench: Workbench, relation: str) -> Statistics:
    """Counts of a relation (s, p, o) by predicate, and of rdf:type by class."""
    by_predicate = f"""
        SELECT t.text AS term, f.* FROM (
          SELECT p, count(*) AS statements, approx_count_distinct(s) AS subjects, approx_count_distinct(o) AS objects
          FROM {relation} GROUP BY p) f JOIN term t ON t.id = f.p"""  # noqa: S608 - a name of our own
    by_class = f"""
        SELECT t.text AS term, f.statements FROM (
          SELECT o, count(*) AS statements FROM {relation} WHERE p = {term_id(str(IRI(RDF_TYPE)))}::UBIGINT GROUP BY o) f
        JOIN term t ON t.id = f.o"""  # noqa: S608 - a name of our own
    predicates: dict[Term, Counts] = {
        parse_term(row["term"]): Counts(row["statements"], row["subjects"], row["objects"])
        for row in workbench.select(by_predicate).read_all().to_pylist()
    }
    classes: dict[tuple[Term, Term], int] = {
        (IRI(RDF_TYPE), parse_term(row["term"])): row["statements"]
        for row in workbench.select(by_class).read_all().to_pylist()
    }
    return Statistics(predicates, classes)


def predicates_of(workbench: Workbench, relation: str) -> frozenset[int]:
    """The ids of the predicates of a relation."""
    rows = workbench.select(f"SELECT DISTINCT p FROM {relation}").read_all()  # noqa: S608 - a name of our own
    return frozenset(rows.column("p").to_pylist())
