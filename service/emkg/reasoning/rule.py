"""The one form of every rule: the ontology's axioms and the domain's rules alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.errors import Location
    from emkg.plan import Pattern, TriplePattern
    from emkg.rdf import Quad


@dataclass(frozen=True)
class Rule:
    """Whatever satisfies the body has the head.

    Attributes:
        name: What the rule is called: the local name of its IRI, or the kind of axiom.
        body: Triple patterns, comparisons and negated groups.
        head: The statements that follow; every variable of theirs is bound by the body's triple patterns.
        axioms: The ontology's statements that the rule was specialised from; empty for a domain rule.
        location: The file and line that state the rule; None where that is not known.
        documentation: What it says, by language tag.
    """

    name: str
    body: Pattern
    head: tuple[TriplePattern, ...]
    axioms: tuple[Quad, ...] = ()
    location: Location | None = None
    documentation: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a head that the body does not bind.

        Raises:
            ValueError: A variable of the head is not in the body's triple patterns.
        """
        unbound = {v for triple in self.head for v in triple.variables} - self.body.variables
        if unbound:
            raise ValueError(
                f"rule {self.name}: {', '.join(map(str, sorted(unbound)))} is not bound by the body"
            )
