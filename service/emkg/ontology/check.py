"""What the ontology's modules owe their readers and a reasoner, checked without running one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.ontology.clash import find_clashes
from emkg.ontology.declaration import find_orphans, find_undeclared
from emkg.ontology.description import find_undescribed
from emkg.ontology.profile_dl import find_outside_dl
from emkg.ontology.profile_rl import find_outside_rl
from emkg.ontology.statements import Statements

if TYPE_CHECKING:
    from emkg.ontology.finding import OntologyFinding
    from emkg.ontology.term import Ontology


def check_ontology(ontology: Ontology) -> tuple[OntologyFinding, ...]:
    """All findings, by file and line; none if the modules are in order.

    * Our own terms need a label and, unless they are individuals, a definition in Chinese and English, and a
      module that defines them.
    * A term of ours that a statement uses must be declared, and one that is declared must be tied to another.
    * Together the modules are OWL 2 DL, and OWL 2 RL.
    * Nothing is stated to be in two classes that exclude each other.
    """
    statements = Statements.of(ontology.modules)
    findings = (
        *find_undescribed(ontology, statements),
        *find_undeclared(ontology, statements),
        *find_orphans(ontology, statements),
        *find_outside_dl(statements),
        *find_outside_rl(statements),
        *find_clashes(statements),
    )
    return tuple(sorted(findings, key=lambda each: each.order))
