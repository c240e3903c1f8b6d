"""Terms as HTML: linked to their own page here where they are ours, to their address where they are not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from emkg.ontology.term import shorten
from emkg.rdf import IRI, Literal
from emkg.vocabulary import CODE, EM, ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.rdf import Term

_SITE: Final = "https://w3id.org/emkg/"
_ROUTES: Final = {EM: "/ontology/", CODE: "/code/", ID: "/id/", EM.rstrip("#"): "/ontology"}
_LINKED: Final = ("http://", "https://")
LANGUAGES: Final = ("zh", "en")


def address(iri: str) -> str:
    """Where a page on the IRI is: here for what is ours, else the IRI itself; empty where a link would not do."""
    for start, route in _ROUTES.items():
        if iri.startswith(start):
            return route + iri.removeprefix(start)
    return iri if iri.startswith(_LINKED) else ""


def short_name(iri: str) -> str:
    """`em:Duty` where a prefix fits, the path below our own site, else the IRI."""
    name = shorten(iri)
    return name if name != iri else iri.removeprefix(_SITE)


def link(iri: str, labels: Mapping[str, str] | None = None) -> str:
    """The IRI as a link, with its labels behind it."""
    target, name = address(iri), escape(short_name(iri))
    shown = f'<a href="{escape(target)}"><code>{name}</code></a>' if target else f"<code>{name}</code>"
    words = both(labels or {})
    return f"{shown} {words}" if words else shown


def both(texts: Mapping[str, str], between: str = " · ") -> str:
    """Texts in Chinese and English, each marked with its language; any other language if neither is there."""
    known = [language for language in LANGUAGES if texts.get(language)] or sorted(texts)[:1]
    return between.join(f'<span lang="{escape(each)}">{escape(texts[each])}</span>' for each in known)


def shown_term(term: Term, labels: Mapping[str, Mapping[str, str]]) -> str:
    """An object of a statement: a link, or a literal with its language or datatype."""
    if isinstance(term, IRI):
        return link(term.value, labels.get(term.value))
    if not isinstance(term, Literal):
        return f"<code>{escape(str(term))}</code>"
    mark = term.language or shorten(term.datatype)
    suffix = "" if mark == "xsd:string" else f" <small>{escape(mark)}</small>"
    return f'<span lang="{escape(term.language)}">{escape(term.value)}</span>{suffix}'
