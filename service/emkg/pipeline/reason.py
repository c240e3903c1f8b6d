"""The last stage: the rules over everything that was accepted, into the inferred graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emkg.ledger import Activity
from emkg.ontology import load_ontology
from emkg.pipeline.digest import InputDigest, digest_inputs
from emkg.reasoning import axiom_rules, domain_rules, infer

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.ledger import Ledger
    from emkg.reasoning import Materialisation, Rule

_RUN = "reasoning/all"


@dataclass(frozen=True)
class Rules:
    """The ontology's rules, the domain's, and the files that both were read from."""

    axioms: tuple[Rule, ...]
    domain: tuple[Rule, ...]
    files: tuple[Path, ...]

    @classmethod
    def of_content(cls, root: Path) -> Rules:
        """The rules of a folder that holds ontology/ and shapes/rules/.

        Raises:
            ShapesError: A domain rule cannot be read or compiled.
            RdfSyntaxError: A file does not parse.
        """
        modules = tuple(sorted((root / "ontology").glob("*.ttl")))
        rules = tuple(sorted((root / "shapes" / "rules").rglob("*.ttl")))
        axioms = axiom_rules(load_ontology(root / "ontology").quads)
        return cls(axioms, domain_rules(rules), (*modules, *rules))


def reason(ledger: Ledger, rules: Rules, *, agent: str, force: bool = False) -> tuple[Materialisation, ...]:
    """Bring the inferred graphs up to date; empty when neither the rules nor the ledger changed since last time."""
    digest = digest_inputs(rules.files, agent)
    last = ledger.last_run(_RUN)
    since = last.generation if last is not None and last.digest == digest.text and not force else None
    if since == ledger.generation:
        return ()
    result = infer(ledger, rules.axioms, rules.domain, since=since)
    _record(ledger, digest)
    return result


def _record(ledger: Ledger, digest: InputDigest) -> None:
    """Note for which rules and which generation the inferred graphs hold; a run without graphs changes none."""
    with ledger.stage({}) as staged:
        staged.commit(Activity(_RUN, digest.files, digest.text))
