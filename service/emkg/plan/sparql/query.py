"""Query forms of a query's text (grammar rules 1 to 27)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.plan import algebra as a
from emkg.plan.algebra_walk import in_scope
from emkg.plan.path import PathPattern
from emkg.plan.request import AskQuery, ConstructQuery, DatasetClause, DescribeQuery, Query, SelectQuery
from emkg.plan.sparql.modifier import Item, ModifierReader

if TYPE_CHECKING:
    from emkg.plan.pattern import TriplePattern, Variable
    from emkg.rdf import IRI


class QueryReader(ModifierReader):
    """Reads a whole query."""

    def read_query(self) -> Query:
        """The query; nothing may follow it."""
        self.read_prologue()
        if self.at_word("SELECT"):
            query: Query = self._select_query()
        elif self.accept_word("ASK"):
            dataset = self._dataset()
            pattern = self._where()
            query = AskQuery(self._modified(pattern), dataset)
        elif self.accept_word("CONSTRUCT"):
            query = self._construct()
        elif self.accept_word("DESCRIBE"):
            query = self._describe()
        else:
            self.fail("SELECT, ASK, CONSTRUCT or DESCRIBE")
        if self.here is not None:
            self.fail("the end of the query")
        return query

    def sub_select(self) -> a.Algebra:
        """A query within a group."""
        return self._select(DatasetClause())[0]

    def _select_query(self) -> Query:
        pattern, variables, dataset = self._select(None)
        return SelectQuery(pattern, variables, dataset)

    def _select(self, given: DatasetClause | None) -> tuple[a.Algebra, tuple[Variable, ...], DatasetClause]:
        self.expect_word("SELECT")
        distinct, reduced = self.accept_word("DISTINCT"), False
        if not distinct:
            reduced = self.accept_word("REDUCED")
        token = self.here
        items = None if self.accept_mark("*") else self._items()
        dataset = self._dataset() if given is None else given
        pattern = self._where()
        modifiers = self.modifiers()
        if items is None and modifiers.keys:
            self.wrong("SELECT * cannot stand with GROUP BY", "SELECT * 不能与 GROUP BY 同用", token)
        pattern, variables = self.translated(pattern, items, modifiers)
        pattern = a.Project(pattern, variables)
        if distinct:
            pattern = a.Distinct(pattern)
        elif reduced:
            pattern = a.Reduced(pattern)
        return self.sliced(pattern, modifiers), variables, dataset

    def _items(self) -> list[Item]:
        self.takes_aggregates = True
        items: list[Item] = []
        while self.at("variable") or self.at_mark("("):
            token = self.here
            if self.at("variable"):
                items.append(Item(self.variable(), None, token))
                continue
            self.expect_mark("(")
            expression = self.expression()
            self.expect_word("AS")
            items.append(Item(self.variable(), expression, token))
            self.expect_mark(")")
        self.takes_aggregates = False
        if not items:
            self.fail("'*' or variables")
        return items

    def _dataset(self) -> DatasetClause:
        default: list[IRI] = []
        named: list[IRI] = []
        while self.accept_word("FROM"):
            (named if self.accept_word("NAMED") else default).append(self.iri())
        return DatasetClause(tuple(default), tuple(named))

    def _where(self) -> a.Algebra:
        self.accept_word("WHERE")
        return self.group_graph_pattern()

    def _modified(self, pattern: a.Algebra) -> a.Algebra:
        modifiers = self.modifiers()
        pattern, _ = self.translated(pattern, None, modifiers)
        return self.sliced(pattern, modifiers)

    def _construct(self) -> Query:
        if self.at_mark("{"):
            template = self.template()
            dataset = self._dataset()
            return ConstructQuery(template, self._modified(self._where()), dataset)
        dataset = self._dataset()
        self.expect_word("WHERE")
        self.expect_mark("{")
        triples = self.triples()
        self.expect_mark("}")
        if any(isinstance(triple, PathPattern) for triple in triples):
            self.wrong("CONSTRUCT WHERE takes no paths", "CONSTRUCT WHERE 中不能使用属性路径")
        plain = tuple(triple for triple in triples if not isinstance(triple, PathPattern))
        return ConstructQuery(plain, self._modified(a.BasicPattern(plain)), dataset)

    def template(self) -> tuple[TriplePattern, ...]:
        """The triples of a template in braces, without paths; its blank nodes are terms."""
        self.expect_mark("{")
        labels, self.labels = self.labels, {}
        self.makes_terms = True
        triples = self.triples()
        self.makes_terms = False
        self.labels = labels
        self.expect_mark("}")
        return tuple(triple for triple in triples if not isinstance(triple, PathPattern))

    def _describe(self) -> Query:
        subjects: list[Variable | IRI] = []
        is_all = self.accept_mark("*")
        while not is_all and (self.at("variable") or self.at_iri()):
            subjects.append(self.variable_or_iri())
        if not is_all and not subjects:
            self.fail("'*', an IRI or a variable")
        dataset = self._dataset()
        pattern: a.Algebra = a.BasicPattern()
        if self.at_word("WHERE") or self.at_mark("{"):
            pattern = self._where()
        elif is_all:
            self.fail("WHERE")
        pattern = self._modified(pattern)
        return DescribeQuery(in_scope(pattern) if is_all else tuple(subjects), pattern, dataset)
