"""Updates of a text (SPARQL 1.1 Update; grammar rules 29 to 51)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from emkg.plan.path import PathPattern
from emkg.plan.pattern import Variable
from emkg.plan.request import (
    Clear,
    Create,
    DatasetClause,
    DeleteData,
    Drop,
    GraphSet,
    InsertData,
    Load,
    Modify,
    QuadPattern,
    Transfer,
    TransferGraph,
    Update,
    UpdateOperation,
)
from emkg.plan.sparql.query import QueryReader
from emkg.rdf import BlankNode

if TYPE_CHECKING:
    from emkg.rdf import IRI


class UpdateReader(QueryReader):
    """Reads a whole update request."""

    def read_update(self) -> Update:
        """The operations; nothing may follow them."""
        operations: list[UpdateOperation] = []
        used: set[str] = set()
        while True:
            self.read_prologue()
            if self.here is None:
                return Update(tuple(operations))
            self.labels = {}
            operations.append(self._operation())
            shared = used & set(self.labels)
            if shared:
                label = min(shared)
                self.wrong(f"_:{label} stands in two operations", f"_:{label} 出现在两个操作中")
            used |= set(self.labels)
            if not self.accept_mark(";") and self.here is not None:
                self.fail("';' between operations")

    def _operation(self) -> UpdateOperation:
        if self.accept_word("LOAD"):
            silent = self.accept_word("SILENT")
            document = self.iri()
            into = self._graph_reference() if self.accept_word("INTO") else None
            return Load(document, into, silent)
        if self.at_word("CLEAR", "DROP"):
            kind = Clear if self.take().text.upper() == "CLEAR" else Drop
            silent = self.accept_word("SILENT")
            return kind(self._graph_or_set(), silent)
        if self.accept_word("CREATE"):
            silent = self.accept_word("SILENT")
            return Create(self._graph_reference(), silent)
        if self.at_word("ADD", "MOVE", "COPY"):
            transfer = Transfer(self.take().text.upper())
            silent = self.accept_word("SILENT")
            source = self._graph_or_default()
            self.expect_word("TO")
            return TransferGraph(transfer, source, self._graph_or_default(), silent)
        return self._change()

    def _change(self) -> UpdateOperation:
        graph = self.iri() if self.accept_word("WITH") else None
        if graph is None and self.at_word("INSERT", "DELETE"):
            following = self.ahead()
            word = following.text.upper() if following is not None and following.kind == "word" else ""
            if word == "DATA":
                return self._data()
            if word == "WHERE" and self.accept_word("DELETE"):
                return self._delete_where()
        delete = self._quads(is_delete=True) if self.accept_word("DELETE") else None
        insert = self._quads() if self.accept_word("INSERT") else None
        if delete is None and insert is None:
            self.fail("an operation: INSERT, DELETE, LOAD, CLEAR, DROP, CREATE, ADD, MOVE or COPY")
        using = self._using()
        self.expect_word("WHERE")
        self.labels = {}
        return Modify(delete or (), insert or (), self.group_graph_pattern(), graph, using)

    def _data(self) -> UpdateOperation:
        is_delete = self.take().text.upper() == "DELETE"
        self.place += 1
        token = self.here
        quads = self._quads(is_delete=is_delete)
        if any(isinstance(slot, Variable) for quad in quads for slot in (*quad.triple.slots, quad.graph)):
            self.wrong("data holds no variables", "数据中不能有变量", token)
        return DeleteData(quads) if is_delete else InsertData(quads)

    def _delete_where(self) -> UpdateOperation:
        self.expect_word("WHERE")
        token = self.here
        place = self.place
        quads = self._quads(is_delete=True)
        self.place = place
        self.labels = {}
        pattern = self.group_graph_pattern()
        if any(isinstance(quad.triple, PathPattern) for quad in quads):
            self.wrong("DELETE WHERE takes no paths", "DELETE WHERE 中不能使用属性路径", token)
        return Modify(quads, (), pattern)

    def _using(self) -> DatasetClause:
        default: list[IRI] = []
        named: list[IRI] = []
        while self.accept_word("USING"):
            (named if self.accept_word("NAMED") else default).append(self.iri())
        return DatasetClause(tuple(default), tuple(named))

    def _quads(self, *, is_delete: bool = False) -> tuple[QuadPattern, ...]:
        """The quads of a template in braces."""
        self.expect_mark("{")
        self.makes_terms = True
        self.pattern_number = 0
        quads: list[QuadPattern] = []
        while not self.accept_mark("}"):
            if self.accept_word("GRAPH"):
                graph = self.variable_or_iri()
                self.expect_mark("{")
                quads += self._triples_of(graph, is_delete=is_delete)
                self.expect_mark("}")
                self.accept_mark(".")
            elif self._at_subject():
                quads += self._triples_of(None, is_delete=is_delete)
                if self._at_subject():
                    self.fail("'.' between triples")
            else:
                self.fail("triples, GRAPH or '}'")
        self.makes_terms = False
        return tuple(quads)

    def _triples_of(self, graph: Variable | IRI | None, *, is_delete: bool) -> list[QuadPattern]:
        token = self.here
        found = []
        for triple in self.triples():
            if isinstance(triple, PathPattern):
                self._no_paths()
            if is_delete and any(isinstance(slot, BlankNode) for slot in triple.slots):
                self.wrong("what is deleted holds no blank nodes", "删除模板中不能有空节点", token)
            found.append(QuadPattern(triple, graph))
        return found

    def _no_paths(self) -> NoReturn:
        self.fail("an IRI or a variable; a template holds no paths")

    def _graph_reference(self) -> IRI:
        self.expect_word("GRAPH")
        return self.iri()

    def _graph_or_set(self) -> IRI | GraphSet:
        for each in GraphSet:
            if self.accept_word(each.value):
                return each
        return self._graph_reference()

    def _graph_or_default(self) -> IRI | None:
        if self.accept_word("DEFAULT"):
            return None
        self.accept_word("GRAPH")
        return self.iri()
