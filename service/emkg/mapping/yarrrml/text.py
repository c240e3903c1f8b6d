"""Texts of YARRRML: `$(reference)` templates with their escapes, and names with prefixes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from emkg.mapping.model import Constant, Reference, Template
from emkg.rdf import IRI, RDF_LANG_STRING, Literal
from emkg.sources.suggestion import did_you_mean, did_you_mean_zh

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from emkg.mapping.model import Expression
    from emkg.mapping.yarrrml.node import Node

_PREFIXED = re.compile(r"([A-Za-z_][\w.\-]*|):(?!//)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_OPAQUE_SCHEMES = frozenset({"urn", "mailto", "tag", "tel", "data", "info", "doi"})
_BAD_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True)
class Scope:
    """What names mean in one document.

    Attributes:
        path: The mapping file, absolute.
        prefixes: Namespace by prefix.
        base: The document's base IRI, if it states one.
        data_root: The folder that `data:` paths are relative to, if one was given.
        triples_maps: The IRIs of the triples maps that each mapping of the document becomes.
    """

    path: Path
    prefixes: Mapping[str, str]
    base: str | None
    data_root: Path | None
    triples_maps: Mapping[str, tuple[str, ...]]


def iri_expression(node: Node, text: str, scope: Scope) -> Expression:
    """The expression of a text where an IRI is meant: a prefix is expanded, a constant must be absolute.

    Raises:
        MappingError: An unknown prefix, a relative constant without a base, a character no IRI may hold.
    """
    parts = split_template(node, text)
    if not parts:
        raise node.fault("an IRI is empty here", "IRI 为空")
    if isinstance(parts[0], str):
        parts = (_expand(node, parts[0], scope), *parts[1:])
    if all(isinstance(part, str) for part in parts):
        return Constant(IRI(_absolute(node, str(parts[0]), scope)))
    return _of_parts(parts)


def literal_expression(node: Node, text: str, datatype: str | None = None, language: str = "") -> Expression:
    """The expression of a text where a literal is meant; nothing in it is expanded but references."""
    parts = split_template(node, text)
    if all(isinstance(part, str) for part in parts):
        return Constant(literal("".join(str(part) for part in parts), datatype, language))
    return _of_parts(parts)


def literal(text: str, datatype: str | None, language: str) -> Literal:
    """A literal with what is given of datatype and language."""
    if language:
        return Literal(text, RDF_LANG_STRING, language)
    return Literal(text, datatype) if datatype else Literal(text)


def constant_iri(node: Node, text: str, scope: Scope) -> str:
    """The IRI that a text without references names.

    Raises:
        MappingError: As for `iri_expression`, or the text holds a reference.
    """
    expression = iri_expression(node, text, scope)
    if isinstance(expression, Constant) and isinstance(expression.term, IRI):
        return expression.term.value
    raise node.fault(f"{text!r} must be a fixed IRI, without references", f"{text!r} 应为固定 IRI")


def split_template(node: Node, text: str) -> tuple[str | Reference, ...]:
    r"""Literal texts and references in turn.

    A reference goes from `$(` to the bracket that closes it; brackets within it nest (`$(PM2.5(μg/m3))`), and
    a lone one is written `\(` or `\)`. Outside references `\$`, `\(`, `\)` and `\\` stand for the character.

    Raises:
        MappingError: A reference is not closed, or empty.
    """
    parts: list[str | Reference] = []
    plain: list[str] = []
    position = 0
    while position < len(text):
        if text.startswith("$(", position):
            if plain:
                parts.append("".join(plain))
                plain.clear()
            reference, position = _reference(node, text, position + 2)
            parts.append(Reference(reference))
            continue
        if text[position] == "\\" and text[position + 1 : position + 2] in {"$", "(", ")", "\\"}:
            position += 1
        plain.append(text[position])
        position += 1
    if plain:
        parts.append("".join(plain))
    return tuple(parts)


def _reference(node: Node, text: str, start: int) -> tuple[str, int]:
    depth, position, letters = 1, start, list[str]()
    while position < len(text):
        letter = text[position]
        if letter == "\\" and text[position + 1 : position + 2] in {"(", ")"}:
            letters.append(text[position + 1])
            position += 2
            continue
        depth += {"(": 1, ")": -1}.get(letter, 0)
        position += 1
        if depth == 0:
            if not letters:
                raise node.fault(f"{text!r} holds an empty reference $()", f"{text!r} 含空引用 $()")
            return "".join(letters), position
        letters.append(letter)
    message = f"{text!r} holds a reference that is not closed; write \\( or \\) for a lone bracket within one"
    raise node.fault(message, f"{text!r} 中的引用缺少右括号；引用内单个括号请写作 \\( 或 \\)")


def _of_parts(parts: tuple[str | Reference, ...]) -> Expression:
    if len(parts) == 1 and isinstance(parts[0], Reference):
        return parts[0]
    return Template(parts)


def _expand(node: Node, text: str, scope: Scope) -> str:
    match = _PREFIXED.match(text)
    if match is None:
        return text
    prefix = match.group(1)
    namespace = scope.prefixes.get(prefix)
    if namespace is not None:
        return namespace + text[match.end() :]
    if prefix in _OPAQUE_SCHEMES:
        return text
    raise node.fault(
        f"{text!r}: the prefix {prefix!r} is not declared{did_you_mean(prefix, scope.prefixes)}",
        f"{text!r}：前缀“{prefix}”未声明{did_you_mean_zh(prefix, scope.prefixes)}",
    )


def _absolute(node: Node, iri: str, scope: Scope) -> str:
    bad = _BAD_IN_IRI.search(iri)
    if bad:
        raise node.fault(
            f"{iri!r} is no IRI: it holds {bad.group()!r}", f"{iri!r} 不是合法 IRI：含有 {bad.group()!r}"
        )
    if _SCHEME.match(iri):
        return iri
    if scope.base is None:
        message = f"{iri!r} is a relative IRI and the document states no base; write a prefix or a whole IRI"
        raise node.fault(message, f"{iri!r} 是相对 IRI，而文档未声明 base")
    return urljoin(scope.base, iri)
