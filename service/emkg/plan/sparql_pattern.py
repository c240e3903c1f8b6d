"""A recursive-descent reader of SPARQL 1.1 queries that collects the predicates and graphs of its patterns.

It follows the grammar's shape (section 19.8) loosely: expressions are skipped except for the groups that
EXISTS opens in them. What it cannot follow raises `Unclear`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from emkg.plan.sparql_path import PathReader
from emkg.plan.sparql_terms import Unclear
from emkg.vocabulary import RDF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emkg.plan.sparql_tokens import Token

__all__ = ["PatternReader", "Unclear"]

_INTRODUCES_GROUP: Final = ("OPTIONAL", "UNION", "MINUS")
_ENDS_PROPERTIES: Final = (".", "}", "]")
_CONSTANT: Final = re.compile(r"true|false", re.IGNORECASE)


@dataclass
class _Group:
    """One `{ … }`: which variables a triple of it holds to loaded nodes, and which paths may be empty."""

    graph: str | None  # IRI of the GRAPH around it; "" for a variable, None for the default graph
    held: set[str] = field(default_factory=set)
    empty_paths: list[tuple[str, str]] = field(default_factory=list)
    has_triples: bool = False

    def is_held(self) -> bool:
        """Whether every path that may be empty has an end that is a constant ("") or a held variable."""
        return all(
            not ends[0] or not ends[1] or ends[0] in self.held or ends[1] in self.held
            for ends in self.empty_paths
        )


class PatternReader(PathReader):
    """Reads one query; afterwards its attributes say what the query can read.

    Attributes:
        graphs: IRIs of the constant GRAPH clauses.
        default_graphs: IRIs of FROM.
        named_graphs: IRIs of FROM NAMED.
        has_dataset: Whether there is FROM or FROM NAMED, and all of them are understood.
        reads_all_graphs: A pattern outside of constant GRAPH clauses was met.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self.graphs: set[str] = set()
        self.default_graphs: list[str] = []
        self.named_graphs: list[str] = []
        self.has_dataset = False
        self.reads_all_graphs = False

    def read_query(self) -> None:
        """Read prologue, form, dataset clauses, pattern and modifiers."""
        self._read_prologue()
        form = self.next()
        if form.is_word("CONSTRUCT") and self.peek_mark("{"):
            self._skip_braces()
        self._read_dataset_clauses()
        self.has_dataset = bool(self.default_graphs or self.named_graphs)
        if not self.peek_mark("{"):
            raise Unclear
        self._read_group(None)
        self._read_modifiers()
        if self.peek() is not None:
            raise Unclear

    def _read_prologue(self) -> None:
        while (token := self.peek()) and token.is_word("BASE", "PREFIX"):
            self.next()
            if token.is_word("PREFIX"):
                self.read_prefix()
            else:
                self.next()  # only relative IRIs need it, and those are unclear

    def _read_dataset_clauses(self) -> None:
        while (token := self.peek()) and not token.is_mark("{"):
            self.next()
            if token.is_word("FROM"):
                graphs = self.default_graphs
                if (named := self.peek()) and named.is_word("NAMED"):
                    self.next()
                    graphs = self.named_graphs
                graphs.append(self.resolve(self.next()))
            elif token.is_mark("("):
                self._skip_parentheses()

    def _read_modifiers(self) -> None:
        while (token := self.peek()) and not token.is_mark("}"):
            if token.is_mark("{"):
                self._read_group(None)
                continue
            self.next()
            if token.is_mark("("):
                self._skip_parentheses()
            elif token.is_word("VALUES"):
                self._skip_values()

    def _read_group(self, graph: str | None) -> _Group:
        group = _Group(graph)
        self.expect("{")
        if (token := self.peek()) and token.is_word("SELECT"):
            self._read_dataset_clauses()
            self._read_group(graph)
            self._read_modifiers()
        while not self.peek_mark("}"):
            self._read_element(group)
        self.expect("}")
        if not group.is_held():
            self.reads_all_predicates = True
        return group

    def _read_element(self, group: _Group) -> None:
        token = self.require()
        if token.is_mark("{"):
            self._read_group(group.graph)
        elif token.is_mark(".") or token.is_word(*_INTRODUCES_GROUP):
            self.next()
        elif token.is_word("GRAPH"):
            self._read_graph()
        elif token.is_word("FILTER", "BIND"):
            self.next()
            self._read_constraint(group)
        elif token.is_word("VALUES"):
            self.next()
            self._skip_values()
        else:
            self._read_triples(group)

    def _read_graph(self) -> None:
        self.next()
        name = self.next()
        inner = self._read_group("" if name.kind == "variable" else self.resolve(name))
        if not inner.has_triples:  # whether the graph is there at all decides the answer
            self.reads_all_predicates = True
            self.reads_all_graphs = self.reads_all_graphs or not inner.graph
            self.graphs.add(inner.graph or "")

    def _read_constraint(self, group: _Group) -> None:
        while not (self.peek_mark("(") or self.peek_mark("{")):
            self.next()
        if self.peek_mark("{"):
            self._read_group(group.graph)
        else:
            self.next()
            self._skip_parentheses(group.graph)

    def _skip_parentheses(self, graph: str | None = None) -> None:
        """Skip to the `)` of a `(` already taken, reading the groups of EXISTS on the way."""
        depth = 1
        while depth:
            if self.peek_mark("{"):
                self._read_group(graph)
                continue
            token = self.next()
            depth += token.is_mark("(") - token.is_mark(")")

    def _skip_values(self) -> None:
        while not self.next().is_mark("{"):
            pass
        while not self.next().is_mark("}"):
            pass

    def _skip_braces(self) -> None:
        while not self.next().is_mark("}"):
            pass

    def _read_triples(self, group: _Group) -> None:
        is_complete = self.peek_mark("[", "(")
        subject = self._read_node(group)
        ends = self.peek()
        if is_complete and ends and ends.is_mark(".", "}"):
            return
        self._read_properties(group, subject)

    def _read_properties(self, group: _Group, subject: str) -> None:
        while True:
            may_be_empty = self.read_verb()
            self._touch_graph(group)
            self._record(group, subject, self._read_node(group), may_be_empty=may_be_empty)
            while self.peek_mark(","):
                self.next()
                self._record(group, subject, self._read_node(group), may_be_empty=may_be_empty)
            if not self.peek_mark(";"):
                return
            while self.peek_mark(";"):
                self.next()
            if self.peek_mark(*_ENDS_PROPERTIES):
                return

    def _touch_graph(self, group: _Group) -> None:
        if group.graph:
            self.graphs.add(group.graph)
        else:
            self.reads_all_graphs = True

    def _record(self, group: _Group, subject: str, node: str, *, may_be_empty: bool) -> None:
        if may_be_empty:
            group.empty_paths.append((subject, node))
        else:
            group.held.update({subject, node} - {""})
            group.has_triples = True

    def _read_node(self, group: _Group) -> str:
        """Read a subject or object; its variable's or blank node's name, "" for a constant."""
        token = self.next()
        if token.kind in {"variable", "blank"}:
            return token.text.lstrip("?$")
        if token.kind in {"iri", "name", "number"} or _CONSTANT.fullmatch(token.text):
            return ""
        if token.kind == "string":
            self._read_literal_end()
            return ""
        if token.is_mark("["):
            name = f"[{token.start}"
            if not self.peek_mark("]"):
                self._read_properties(group, name)
            self.expect("]")
            return name
        if token.is_mark("("):
            return self._read_collection(group, token)
        raise Unclear

    def _read_literal_end(self) -> None:
        token = self.peek()
        if token and token.kind == "language":
            self.next()
        elif token and token.is_mark("^^"):
            self.next()
            self.next()

    def _read_collection(self, group: _Group, token: Token) -> str:
        self.predicates |= {RDF + "first", RDF + "rest"}
        self._touch_graph(group)
        is_empty = self.peek_mark(")")
        while not self.peek_mark(")"):
            node = self._read_node(group)
            group.held.update({node} - {""})
        self.next()
        group.has_triples = group.has_triples or not is_empty
        return "" if is_empty else f"({token.start}"
