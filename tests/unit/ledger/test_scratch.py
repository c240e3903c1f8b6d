from __future__ import annotations

import pyarrow as pa
import pytest

from emkg.errors import MemoryLimitError, QueryRefusedError, RdfSyntaxError
from emkg.ledger import Activity, Ledger, Scratch, term_id
from emkg.ledger.dictionary import TERM_COLUMNS
from emkg.rdf import IRI, Literal
from emkg.vocabulary import XSD

ONE, OTHER = "http://e/one", "http://e/other"
ROWS = [
    ("<http://e/a>", "<http://e/p>", '"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    ("<http://e/a>", "<http://e/p>", "<http://e/b>"),
    ("<http://e/a>", "<http://e/p>", "<http://e/b>"),
    ("_:b", "<http://e/q>", '"霾"@zh-Hans-CN'),
]


def table(rows: list[tuple[str, str, str]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {name: pa.array(column, pa.string()) for name, column in zip("spo", columns, strict=True)}
    )


def scratch(**graphs: pa.Table) -> Scratch:
    return Scratch({f"http://e/{name}": rows for name, rows in graphs.items()}, memory_limit_mb=512)


def test_plans_read_what_they_would_in_a_ledger() -> None:
    graphs = {ONE: table(ROWS), OTHER: table(ROWS[1:2])}
    own = f"g IN ({term_id(str(IRI(ONE)))}, {term_id(str(IRI(OTHER)))})"  # the ledger has its provenance too
    terms = f"SELECT {TERM_COLUMNS}, text FROM term WHERE id IN (SELECT unnest([g, s, p, o]) FROM quad WHERE {own}) ORDER BY id"  # noqa: S608
    with Scratch(graphs, memory_limit_mb=512) as ours, Ledger.open(None) as ledger:
        ours.fill()
        with ledger.stage(graphs) as staged:
            staged.commit(Activity("test"))
        for name in ("quad", "quad_by_subject", "quad_by_object"):
            quads = f"SELECT g, s, p, o FROM {name} WHERE {own} ORDER BY ALL"  # noqa: S608
            found = ours.select(quads).read_all()
            assert found.num_rows == 4
            assert found.equals(ledger.select(quads).read_all())
        assert ours.select(terms).read_all().equals(ledger.select(terms).read_all())
        assert ours.rows("SELECT count(*) FROM quad") == [(4,)]
        assert ours.terms([term_id(ROWS[0][2]), 7]) == {term_id(ROWS[0][2]): Literal("1.50", XSD + "decimal")}


def test_it_counts_before_it_is_filled() -> None:
    with scratch(one=table(ROWS), other=table(ROWS[1:2])) as ours:
        assert ours.generation == 0
        predicates = ours.statistics().predicates
    assert predicates.keys() == {term_id("<http://e/p>"), term_id("<http://e/q>")}
    p, q = (predicates[term_id(f"<http://e/{name}>")] for name in "pq")
    assert (p.quads, p.subjects, p.objects, p.graphs, p.is_repeated) == (4, 1, 2, 2, True)
    assert (q.quads, q.subjects, q.objects, q.graphs, q.is_repeated) == (1, 1, 1, 1, False)


def test_nothing_at_all_can_be_asked() -> None:
    with scratch(one=table([])) as ours:
        ours.fill()
        assert ours.statistics().predicates == {}
        assert ours.select("SELECT * FROM quad_by_object").read_all().num_rows == 0


def test_what_is_no_term_is_refused() -> None:
    with (
        scratch(one=table([("<http://e/a>", "<http://e/p>", "plain")])) as ours,
        pytest.raises(RdfSyntaxError),
    ):
        ours.fill()


def test_it_is_read_only_to_plans_and_keeps_to_its_memory() -> None:
    many = table([(f"<http://e/{number}>", "<http://e/p>", f'"{number}"') for number in range(3000)])
    with Scratch({ONE: many}, memory_limit_mb=64) as ours:
        ours.fill()
        with pytest.raises(QueryRefusedError):
            ours.select("DELETE FROM quad")
        with pytest.raises(MemoryLimitError):
            ours.select("SELECT list(a.s) FROM quad a, quad b, quad c").read_all()
