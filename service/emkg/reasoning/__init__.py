"""Rules, their bulk evaluation into inferred graphs, and explanations of what they derived."""

from emkg.reasoning.axiom import axiom_rules
from emkg.reasoning.domain import domain_rules
from emkg.reasoning.evidence import MAX_SOLUTIONS
from emkg.reasoning.explanation import Explanation, explain
from emkg.reasoning.incremental import infer, update
from emkg.reasoning.materialise import (
    INFERRED_GRAPHS,
    INFERRED_ONTOLOGY,
    INFERRED_RULES,
    Materialisation,
    materialise,
)
from emkg.reasoning.rule import Rule

__all__ = [
    "INFERRED_GRAPHS",
    "INFERRED_ONTOLOGY",
    "INFERRED_RULES",
    "MAX_SOLUTIONS",
    "Explanation",
    "Materialisation",
    "Rule",
    "axiom_rules",
    "domain_rules",
    "explain",
    "infer",
    "materialise",
    "update",
]
