"""The ontology's modules as terms that mappings are checked against and rules are made from."""

from emkg.ontology.check import OntologyFinding, check_ontology
from emkg.ontology.load import load_ontology
from emkg.ontology.term import Ontology, OntologyTerm, TermKind

__all__ = [
    "Ontology",
    "OntologyFinding",
    "OntologyTerm",
    "TermKind",
    "check_ontology",
    "load_ontology",
]
