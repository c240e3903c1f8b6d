"""Terms as people write and read them: prefixed names beside the N-Triples form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emkg.errors import RdfSyntaxError
from emkg.rdf.ntriples import parse_term
from emkg.rdf.term import IRI, Literal, Term
from emkg.vocabulary import PREFIXES, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIXED = re.compile(r"([A-Za-z][\w.-]*)?:([^\s<>\"{}|^`\\]*)")
_TYPED = re.compile(r'(".*")\^\^([^<].*)', re.DOTALL)
_WHOLE = re.compile(r"(https?|urn|mailto|file):\S+")


def parse_compact(text: str, prefixes: Mapping[str, str] = PREFIXES) -> Term:
    r"""A term as it is typed on a command line.

    `<iri>`, an IRI without its brackets, a prefixed name (`em:callsOn`), `a` for rdf:type, or a literal
    (`"雾霾"@zh`, `"7"^^xsd:integer`); `_:b` for a blank node.

    Raises:
        RdfSyntaxError: It is none of these, or its prefix is not known.
    """
    text = text.strip()
    if text == "a":
        return IRI(RDF_TYPE)
    if text.startswith("_:") or (text.startswith(("<", '"')) and not _TYPED.fullmatch(text)):
        return parse_term(text)
    typed = _TYPED.fullmatch(text)
    if typed:
        literal, datatype = parse_term(typed[1]), parse_compact(typed[2], prefixes)
        if isinstance(literal, Literal) and isinstance(datatype, IRI):
            return Literal(literal.value, datatype.value)
    if _WHOLE.fullmatch(text):
        return parse_term(f"<{text}>")
    return _prefixed(text, prefixes)


def compact(term: Term, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The term for a reader: a prefixed name where a prefix fits, else its N-Triples form."""
    if isinstance(term, IRI):
        return _name(term.value, prefixes) or str(term)
    if isinstance(term, Literal) and not term.language:
        name = _name(term.datatype, prefixes)
        return f"{Literal(term.value)}^^{name}" if name and name != "xsd:string" else str(term)
    return str(term)


def _name(iri: str, prefixes: Mapping[str, str]) -> str:
    fitting = [(len(space), prefix) for prefix, space in prefixes.items() if iri.startswith(space)]
    if not fitting:
        return ""
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def _prefixed(text: str, prefixes: Mapping[str, str]) -> IRI:
    match = _PREFIXED.fullmatch(text)
    if match is None:
        raise RdfSyntaxError(
            f'{text} is no term; write <iri>, prefix:name or "text"@language',
            message_zh=f'{text} 不是术语；请写成 <iri>、前缀:名称 或 "文本"@语言',
        )
    prefix = match[1] or ""
    if prefix not in prefixes:
        known = ", ".join(sorted(prefixes))
        raise RdfSyntaxError(
            f"the prefix {prefix}: of {text} is not known; known are {known}",
            message_zh=f"未知前缀 {prefix}:",
        )
    return IRI(prefixes[prefix] + match[2])
