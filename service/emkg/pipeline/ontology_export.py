"""All modules as one document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.ontology import merge_modules
from emkg.rdf import RdfFormat, format_named, serialise
from emkg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emkg.ontology import Ontology
    from emkg.rdf import Quad

_PREFIX: Final = re.compile(r"@prefix ([\w-]+): .*\n")


def export_ontology(ontology: Ontology, form: str) -> str:
    """The merged modules in the named RDF format.

    Raises:
        InputError: There is no such format.
    """
    return document(merge_modules(ontology), form)


def document(quads: Iterable[Quad], form: str) -> str:
    """Statements in the named format; in Turtle with the prefixes they use, sorted, so that two exports compare.

    Raises:
        InputError: There is no such format.
    """
    text = "".join(serialise(quads, form, PREFIXES))
    if format_named(form) is not RdfFormat.TURTLE:
        return text
    body = _PREFIX.sub("", text)
    declared = sorted((match[1], match[0]) for match in _PREFIX.finditer(text))
    used = [line for name, line in declared if re.search(rf"(?<![\w-]){name}:", body)]
    return "".join((*used, "\n", body))
