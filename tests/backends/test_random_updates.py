"""Random updates, one request after the other, on the ledger and on Oxigraph: both must hold the same graphs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.ledger import PROVENANCE_GRAPH, Ledger
from emkg.plan import DEFAULT_GRAPH, Updater
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = int(os.environ.get("EMKG_RANDOM_UPDATES", "25"))
TERMS = ["<http://e/a>", "<http://e/b>", "<http://e/p>", "<http://e/q>", "1", "2", '"x"@zh']
NODES, GRAPHS = TERMS[:4], ["<http://e/g>", "<http://e/h>"]
VARIABLES = ["?x", "?y", "?z"]

_triples = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(TERMS)).map(" ".join)
_slots = st.sampled_from([*VARIABLES, *TERMS])
_patterns = st.tuples(
    st.sampled_from([*VARIABLES, *NODES]), st.sampled_from([*VARIABLES, *NODES]), _slots
).map(" ".join)


def _within(graph: str, triples: Sequence[str]) -> str:
    text = " . ".join(triples)
    return f"GRAPH {graph} {{ {text} }}" if graph else text + " ."


_data = st.tuples(st.sampled_from(["", *GRAPHS]), st.lists(_triples, min_size=1, max_size=4)).map(
    lambda pair: _within(*pair)
)
_blocks = st.tuples(st.sampled_from(["", "?g", *GRAPHS]), st.lists(_patterns, min_size=1, max_size=2)).map(
    lambda pair: _within(*pair)
)
_where = st.tuples(
    _blocks,
    st.one_of(
        st.just(""),
        _blocks,
        _blocks.map(lambda block: f"OPTIONAL {{ {block} }}"),
        _blocks.map(lambda block: f"FILTER NOT EXISTS {{ {block} }}"),
        st.just("FILTER(?x != ?y)"),
    ),
).map(" ".join)
_graph = st.sampled_from([f"GRAPH {graph}" for graph in GRAPHS] + ["DEFAULT"])
_operations = st.one_of(
    _data.map(lambda data: f"INSERT DATA {{ {data} }}"),
    _data.map(lambda data: f"DELETE DATA {{ {data} }}"),
    st.builds(
        lambda start, delete, insert, where: f"{start} DELETE {{ {delete} }} INSERT {{ {insert} }} WHERE {{ {where} }}",
        st.sampled_from(["", "WITH <http://e/g>"]), _blocks, _blocks, _where,
    ),
    _blocks.map(lambda block: f"DELETE WHERE {{ {block} }}"),
    # from a graph that is there: of one that is not Oxigraph copies nothing, where the specification lets the operation fail
    st.builds(lambda kind, data, graph, other: f"INSERT DATA {{ GRAPH {graph} {{ {data} }} }} ; {kind} {graph} TO {other}",
              st.sampled_from(["COPY", "MOVE", "ADD"]), _triples, st.sampled_from(GRAPHS), st.sampled_from([*GRAPHS, "DEFAULT"])),
    st.builds(lambda kind, graph: f"{kind} DEFAULT TO {graph}", st.sampled_from(["COPY", "MOVE", "ADD"]), st.sampled_from(GRAPHS)),
    st.builds(lambda kind, what: f"{kind} SILENT {what}", st.sampled_from(["CLEAR", "DROP"]),
              st.one_of(_graph, st.sampled_from(["NAMED", "ALL"]))),
)  # fmt: skip
_requests = st.lists(_operations, min_size=1, max_size=4).map(" ;\n".join)


# the compiler raises the limit once and for good
@pytest.mark.filterwarnings("ignore:The recursion limit will not be reset")
@given(st.lists(_requests, min_size=1, max_size=5))
@settings(max_examples=ROUNDS, deadline=None)
def test_random_updates_leave_what_oxigraph_leaves(requests: list[str]) -> None:
    store = ox.Store()
    with Ledger.open(None) as ledger:
        updater = Updater(ledger)
        for request in requests:
            store.update(request)
            updater.run(request)

            assert _held(ledger) == {str(quad) for quad in store}, request
        assert ledger.check().flaws == ()


def _held(ledger: Ledger) -> set[str]:
    rows = ledger.statements().read_all().to_pylist()
    return {
        str(
            ox.Quad(
                *(_term(row[place]) for place in "spo"),
                *([] if row["g"] == str(IRI(DEFAULT_GRAPH)) else [_term(row["g"])]),
            )
        )
        for row in rows
        if row["g"] != str(IRI(PROVENANCE_GRAPH))
    }


def _term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    [quad] = ox.parse(f"<http://s> <http://p> {text} .".encode(), ox.RdfFormat.N_TRIPLES)
    return quad.object
