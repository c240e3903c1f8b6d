"""Where each subject of a Turtle document stands.

RDF parsers give triples without places. Before parsing, every subject and every `[` gets one more statement
that holds its own line and column, so the parser itself carries the places along: `[ rml:reference "x" ]` on
line 7 becomes `[ <…place> "7:5" ; rml:reference "x" ]`. Lines stay as they are. What has no bracket and is no
subject (a predicate, a constant, a shortcut such as `rml:class`) is located by the node that holds it.
"""

from __future__ import annotations

import re

PLACE = "urn:emkg:place"

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+|\#[^\n\r]*)
    | (?P<string>'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"\"\"(?:(?:"|"")?(?:[^"\\]|\\.))*\"\"\"
        |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<iri><[^<>\s]*>)
    | (?P<open>[\[(])
    | (?P<close>[\])])
    | (?P<end>\.(?![\w\d]))
    | (?P<mark>[;,.])
    | (?P<word>(?:\\.|[^\s<>"'\[\]();,\#.]|\.(?=[^\s<>"'\[\]();,\#]))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVES = {"@prefix", "@base"}
_SPARQL_DIRECTIVES = {"prefix": 2, "base": 1}  # the tokens that follow; no dot ends them


def with_places(text: str) -> str:
    """The document with a statement of its place for each subject and each blank node in brackets.

    Text that is no Turtle comes back in some form that is none either: parse the original first.
    """
    walk = _Walk()
    return "".join(each + walk.insertion(kind, each, place) for kind, each, place in _tokens(text))


class _Walk:
    """Where in a statement the reader stands: within how many brackets, at its start, or in a directive."""

    def __init__(self) -> None:
        self._depth = 0
        self._at_start = True
        self._directive_parts = 0

    def insertion(self, kind: str, text: str, place: str) -> str:
        """What goes behind this token."""
        if kind == "blank":
            return ""
        if self._directive_parts:
            self._directive_parts -= 1
            self._at_start = not self._directive_parts
            return ""
        opens_statement = self._at_start and not self._depth
        self._at_start = kind == "end" and not self._depth
        self._depth += {"open": 1, "close": -1}.get(kind, 0)
        if kind == "open":
            return _statement(place) if text == "[" else ""
        if not opens_statement or kind == "end" or text in _DIRECTIVES:
            return ""
        self._directive_parts = _SPARQL_DIRECTIVES.get(text.lower(), 0)
        return "" if self._directive_parts else _statement(place)


def _statement(place: str) -> str:
    return f' <{PLACE}> "{place}" ; '


def _tokens(text: str) -> list[tuple[str, str, str]]:
    """Kind, text and place (`line:column`) of each token, blanks and comments included."""
    found: list[tuple[str, str, str]] = []
    line, line_start, position = 1, 0, 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        piece = match.group() if match else text[position]
        kind = str(match.lastgroup) if match else "mark"
        found.append((kind, piece, f"{line}:{position - line_start + 1}"))
        breaks = piece.count("\n")
        if breaks:
            line += breaks
            line_start = position + piece.rindex("\n") + 1
        position += len(piece)
    return found


def predicate_places(text: str) -> dict[str, list[tuple[str, str]]]:
    """Of each subject's place the predicates behind it, each as it is written, with its place; in document order."""
    found: dict[str, list[tuple[str, str]]] = {}
    walk = _Walk()
    nodes: list[str] = []  # the places of the subject, and of the brackets that are open within it
    expects = False
    for kind, piece, place in _tokens(text):
        if kind == "blank":
            continue
        is_subject = bool(walk.insertion(kind, piece, place))
        if is_subject and kind != "open":
            nodes, expects = [place], True
        elif kind == "open":
            nodes.append(place)
            expects = piece == "["
        elif kind == "close":
            expects = len(nodes) == 1  # it was the subject, and its predicates follow
            nodes = nodes if expects else nodes[:-1]
        elif piece == ";":
            expects = True
        elif kind == "end":
            nodes, expects = [], False
        elif kind == "mark":
            expects = False
        elif expects and nodes:
            found.setdefault(nodes[-1], []).append((piece, place))
            expects = False
    return found


def prefixes_of(text: str) -> dict[str, str]:
    """The prefixes that a document declares, with their colon; what the last declaration says."""
    pieces = [piece for kind, piece, _ in _tokens(text) if kind != "blank"]
    following = zip(pieces, pieces[1:], pieces[2:], strict=False)
    return {
        name: iri[1:-1]
        for word, name, iri in following
        if word.lower() in {"@prefix", "prefix"} and iri.startswith("<")
    }
