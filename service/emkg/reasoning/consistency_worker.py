"""The process that runs HermiT: N-Triples in, a verdict as JSON out. It imports nothing of EMKG."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path

_NAME = "urn:emkg:judged#"


def judge(file: Path) -> dict[str, object]:
    """Whether the ontology is consistent, and its unsatisfiable named classes."""
    import owlready2  # noqa: PLC0415 - an extra; nothing else in this file needs it

    world = owlready2.World()
    ontology = world.get_ontology(_NAME)
    with file.open("rb") as content:
        ontology.load(fileobj=content)
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return {"consistent": False, "unsatisfiable": []}
    unsatisfiable = [each.iri for each in world.inconsistent_classes() if each is not owlready2.Nothing]
    return {"consistent": True, "unsatisfiable": unsatisfiable}


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        verdict = judge(Path(sys.argv[1]))
    print(json.dumps(verdict))  # noqa: T201 - standard output is the answer
