"""Templates forwards and backwards for one value: lineage turns an IRI into the keys it was made of."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

from emkg.mapping.encode import SAFE_CHARACTERS, decode_iri_safe, encode_iri_safe
from emkg.mapping.model import Reference, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENCODED: Final = f"((?:[{SAFE_CHARACTERS}]|%[0-9A-F]{{2}})*)"
_SEPARATES: Final = re.compile(f"[^{SAFE_CHARACTERS}%]")


def expand(template: Template, values: Mapping[str, str]) -> str:
    """The text that the template makes of the values, each IRI-safe encoded."""
    return "".join(
        encode_iri_safe(values[part.text]) if isinstance(part, Reference) else part for part in template.parts
    )


def is_invertible(template: Template) -> bool:
    """Whether a text determines the values: between two references stands a character that no encoded value has."""
    texts = [part if isinstance(part, str) else None for part in template.parts]
    places = [index for index, text in enumerate(texts) if text is None]
    between = ("".join(text or "" for text in texts[a + 1 : b]) for a, b in itertools.pairwise(places))
    return all(_SEPARATES.search(text) for text in between)


def invert(template: Template, text: str) -> dict[str, str] | None:
    """The values from which the template makes the text; None where it cannot make it.

    The inverse of `expand` for templates that are `is_invertible`.
    """
    pattern = "".join(_ENCODED if isinstance(part, Reference) else re.escape(part) for part in template.parts)
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    names = [part.text for part in template.parts if isinstance(part, Reference)]
    values: dict[str, str] = {}
    for name, written in zip(names, match.groups(), strict=True):
        value = decode_iri_safe(written)
        if value is None or values.setdefault(name, value) != value:
            return None
    return values
