"""Terms of a query's text: IRIs, prefixed names, literals, variables, blank nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.plan.pattern import Variable
from emkg.plan.sparql.cursor import Cursor
from emkg.rdf import IRI, RDF_LANG_STRING, BlankNode, Literal
from emkg.vocabulary import PREFIXES, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emkg.plan.pattern import Slot
    from emkg.plan.sparql_tokens import Token
    from emkg.rdf import Term

_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_LOCAL_ESCAPE: Final = re.compile(r"\\([_~.\-!$&'()*+,;=/?#@%])")
_CHARACTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_REFERENCE: Final = re.compile(
    r"^(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$", re.DOTALL
)
_TYPE: Final = IRI(RDF_TYPE)


class TermReader(Cursor):
    """Reads terms; keeps base, prefixes and the blank nodes' labels."""

    def __init__(self, text: str, tokens: Sequence[Token], base: str, prefixes: Mapping[str, str]) -> None:
        super().__init__(text, tokens)
        self.base = base
        self.prefixes = dict(prefixes)
        self.fresh = 0
        self.makes_terms = False  # blank nodes are terms in templates, and variables in patterns
        self.labels: dict[str, int] = {}  # label -> the basic graph pattern that it is of
        self.pattern_number = 0

    def read_prologue(self) -> None:
        """BASE and PREFIX, in any number."""
        while self.at_word("BASE", "PREFIX"):
            if self.accept_word("BASE"):
                self.base = self._iri_reference()
                continue
            self.place += 1
            name = self.take()
            if name.kind != "name" or not name.text.endswith(":") or name.text.count(":") != 1:
                self.place -= 1
                self.fail("a prefix with its colon")
            self.prefixes[name.text[:-1]] = self._iri_reference()

    def at_iri(self) -> bool:
        """Whether an IRI comes next."""
        return self.at("iri", "name")

    def iri(self) -> IRI:
        """An IRI, written out or as a prefixed name."""
        if self.at("iri"):
            return IRI(self._iri_reference())
        if not self.at("name"):
            self.fail("an IRI")
        token = self.take()
        prefix, _, local = token.text.partition(":")
        namespace = self.prefixes.get(prefix)
        if namespace is None:
            known = PREFIXES.get(prefix)
            hint = f"; add PREFIX {prefix}: <{known}>" if known else ""
            self.wrong(f"the prefix {prefix}: is not declared{hint}", f"前缀 {prefix}: 未声明", token)
        return IRI(namespace + _LOCAL_ESCAPE.sub(r"\1", local))

    def variable(self) -> Variable:
        """A variable."""
        if not self.at("variable"):
            self.fail("a variable")
        return Variable(self.take().text[1:])

    def variable_or_iri(self) -> Variable | IRI:
        """A variable or an IRI."""
        return self.variable() if self.at("variable") else self.iri()

    def verb(self) -> Variable | IRI:
        """A predicate: a variable, an IRI, or `a`."""
        token = self.here
        if token is not None and token.kind == "word" and token.text == "a":
            self.place += 1
            return _TYPE
        return self.variable_or_iri()

    def at_literal(self) -> bool:
        """Whether a literal comes next."""
        return self.at("string", "number") or self.at_word("TRUE", "FALSE")

    def literal(self) -> Literal:
        """A literal in any of its forms."""
        token = self.take()
        if token.kind == "word":
            if token.text not in {"true", "false"}:
                self.wrong(f"{token.text} is written in lower case", f"{token.text} 应小写", token)
            return Literal(token.text, XSD + "boolean")
        if token.kind == "number":
            return Literal(token.text, XSD + _number_type(token.text))
        value = self._string(token)
        if self.at("language"):
            return Literal(value, RDF_LANG_STRING, self.take().text[1:])
        if self.accept_mark("^^"):
            return Literal(value, self.iri().value)
        return Literal(value)

    def string(self) -> str:
        """A string's text."""
        if not self.at("string"):
            self.fail("a string")
        return self._string(self.take())

    def new_variable(self) -> Variable:
        """A variable that no text can name."""
        self.fresh += 1
        return Variable(f".{self.fresh}")

    def blank(self) -> Slot:
        """A new blank node."""
        self.fresh += 1
        return BlankNode(f"b{self.fresh}") if self.makes_terms else Variable(f".{self.fresh}")

    def labelled_blank(self) -> Slot:
        """The blank node of a label, which belongs to one basic graph pattern."""
        token = self.take()
        label = token.text[2:]
        if self.labels.setdefault(label, self.pattern_number) != self.pattern_number:
            self.wrong(f"_:{label} stands in two graph patterns", f"_:{label} 出现在两个图模式中", token)
        return BlankNode(f"l{label}") if self.makes_terms else Variable(f".l{label}")

    def graph_term(self) -> Term | Slot:
        """A variable, IRI, literal or blank node."""
        if self.at("variable"):
            return self.variable()
        if self.at_iri():
            return self.iri()
        if self.at_literal():
            return self.literal()
        if self.at("blank"):
            return self.labelled_blank()
        return self._empty_node()

    def _empty_node(self) -> Slot:
        """`[]` or `()`."""
        following = self.ahead()
        if self.at_mark("[") and following is not None and following.kind == "mark" and following.text == "]":
            self.place += 2
            return self.blank()
        if self.at_mark("(") and following is not None and following.kind == "mark" and following.text == ")":
            self.place += 2
            return IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")
        return self.fail("a term or a variable")

    def _iri_reference(self) -> str:
        if not self.at("iri"):
            self.fail("an IRI in angle brackets")
        return resolve(self.base, self.take().text[1:-1])

    def _string(self, token: Token) -> str:
        text = token.text
        size = 3 if text[:3] in {'"""', "'''"} and len(text) >= 6 and text.endswith(text[:3]) else 1  # noqa: PLR2004  (two long quotes)
        body = text[size:-size]
        if len(text) < 2 * size or not text.endswith(text[0] * size) or _is_open(body):
            self.wrong("the string is not closed", "字符串未结束", token)

        def character(match: re.Match[str]) -> str:
            if match[1] not in _CHARACTERS:
                self.wrong(f"\\{match[1]} is no escape in a string", f"字符串中不能使用 \\{match[1]}", token)
            return _CHARACTERS[match[1]]

        return _ESCAPE.sub(character, body)


def _is_open(body: str) -> bool:
    """Whether a backslash escapes the closing quote."""
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1


def _number_type(text: str) -> str:
    if "e" in text or "E" in text:
        return "double"
    return "decimal" if "." in text else "integer"


def resolve(base: str, reference: str) -> str:
    """A reference resolved against a base IRI (RFC 3986, section 5.2)."""
    scheme, authority, path, query, fragment = _parts(reference)
    if scheme is not None or not base:
        return (
            reference if scheme is None else _joined(scheme, authority, _without_dots(path), query, fragment)
        )
    base_scheme, base_authority, base_path, base_query, _ = _parts(base)
    if authority is None:
        if path:
            merged = path if path.startswith("/") else _merged(base_authority, base_path, path)
            path = _without_dots(merged)
        else:
            path, query = base_path, query if query is not None else base_query
        authority = base_authority
    else:
        path = _without_dots(path)
    return _joined(base_scheme, authority, path, query, fragment)


def _parts(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _REFERENCE.match(iri)
    return (match[1], match[2], match[3], match[4], match[5]) if match else (None, None, iri, None, None)


def _merged(authority: str | None, base_path: str, path: str) -> str:
    return (
        f"/{path}"
        if authority is not None and not base_path
        else base_path[: base_path.rfind("/") + 1] + path
    )


def _without_dots(path: str) -> str:
    if "." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for place, segment in enumerate(segments):
        is_last = place == len(segments) - 1
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
            kept += [""] if is_last else []
        elif segment == ".":
            kept += [""] if is_last else []
        else:
            kept.append(segment)
    return "/".join(kept)


def _joined(
    scheme: str | None, authority: str | None, path: str, query: str | None, fragment: str | None
) -> str:
    text = f"{scheme}:" if scheme is not None else ""
    text += f"//{authority}" if authority is not None else ""
    text += path
    text += f"?{query}" if query is not None else ""
    return text + (f"#{fragment}" if fragment is not None else "")
