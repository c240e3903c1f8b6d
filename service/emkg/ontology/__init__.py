"""The ontology's modules as terms that mappings are checked against and rules are made from."""

from emkg.ontology.alignment import Alignment, MappingSet, read_alignments, read_mapping_set
from emkg.ontology.alignment_check import find_misaligned
from emkg.ontology.check import check_ontology
from emkg.ontology.difference import Difference, TermChange, compare
from emkg.ontology.finding import OntologyFinding
from emkg.ontology.load import load_ontology, module_files, read_ontology
from emkg.ontology.merge import merge_modules
from emkg.ontology.profile_dl import foreign_datatypes
from emkg.ontology.statements import Statements
from emkg.ontology.term import Ontology, OntologyTerm, TermKind

__all__ = [
    "Alignment",
    "Difference",
    "MappingSet",
    "Ontology",
    "OntologyFinding",
    "OntologyTerm",
    "Statements",
    "TermChange",
    "TermKind",
    "check_ontology",
    "compare",
    "find_misaligned",
    "foreign_datatypes",
    "load_ontology",
    "merge_modules",
    "module_files",
    "read_alignments",
    "read_mapping_set",
    "read_ontology",
]
