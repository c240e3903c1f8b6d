"""Statement relations into temporary tables, a chunk at a time, never a statement at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from emkg.arrow import id_array, text_array
from emkg.errors import InputError, RdfSyntaxError, TermClashError
from emkg.ledger.binding import literal
from emkg.ledger.dictionary import checked_terms_sql, id_sql, term_id
from emkg.rdf import IRI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ledger.cursor import Cursor

ROWS_PER_CHUNK = 1_000_000
_COLUMNS = ("s", "p", "o", "g")


def create_staging(cursor: Cursor) -> None:
    """The temporary tables a run is gathered in."""
    cursor.run("""
        CREATE TEMP TABLE loaded_quad (g UBIGINT, s UBIGINT, p UBIGINT, o UBIGINT);
        CREATE TEMP TABLE loaded_term (id UBIGINT, text VARCHAR);
        CREATE TEMP TABLE replaced_graph (g UBIGINT, name VARCHAR)""")


def load_statements(
    cursor: Cursor, graph: str, statements: pa.RecordBatchReader | pa.Table, *, scope: str
) -> int:
    """Append a relation of statements; those without a graph of their own belong to `graph` (an IRI).

    Blank node labels get `scope` in front, so that two datasets' `_:b0` stay two nodes.

    Returns:
        The number of statements read, duplicates included.

    Raises:
        InputError: The relation has no columns s, p, o.
    """
    rows = 0
    for chunk in _chunks(statements):
        columns = _four_columns(chunk)
        p, predicates = _few(columns["p"])
        g, graphs = _few(columns["g"])
        own = str(IRI(graph))
        g, few = g.fill_null(id_array([term_id(own)])[0]), {own: term_id(own)} | predicates | graphs
        _load_chunk(cursor, pa.table({"g": g, "s": columns["s"], "p": p, "o": columns["o"]}), scope)
        with cursor.streamed(pa.table({"id": id_array(few.values()), "text": text_array(list(few))})):
            cursor.run("INSERT INTO loaded_term SELECT id, text FROM chunk")
        rows += chunk.num_rows
    return rows


def _chunks(statements: pa.RecordBatchReader | pa.Table) -> Iterator[pa.Table]:
    batches: list[pa.RecordBatch] = []
    rows = 0
    for batch in statements.to_batches() if isinstance(statements, pa.Table) else statements:
        batches.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_CHUNK:
            yield pa.Table.from_batches(batches)
            batches, rows = [], 0
    if rows:
        yield pa.Table.from_batches(batches)


def _four_columns(chunk: pa.Table) -> pa.Table:
    if "g" not in chunk.column_names:
        chunk = chunk.append_column("g", pa.nulls(chunk.num_rows, pa.string()))
    if not set(_COLUMNS) <= set(chunk.column_names):
        raise InputError(
            f"statements need the columns s, p, o (and g); found {', '.join(chunk.column_names)}"
        )
    return chunk.select(list(_COLUMNS))


def _load_chunk(cursor: Cursor, chunk: pa.Table, scope: str) -> None:
    """Ids of a chunk's rows, and its texts once each."""
    s, o = (_scoped(name, scope) if scope else name for name in ("s", "o"))
    with cursor.streamed(chunk):
        cursor.run(f"INSERT INTO loaded_quad SELECT g, {id_sql(s)}, p, {id_sql(o)} FROM chunk")
    with cursor.streamed(chunk):
        cursor.run(f"""
            INSERT INTO loaded_term WITH end_of AS MATERIALIZED (SELECT {s} AS s, {o} AS o FROM chunk)
            SELECT {id_sql("text")}, text FROM (SELECT s AS text FROM end_of UNION SELECT o FROM end_of)""")


def _few(column: pa.ChunkedArray) -> tuple[pa.Array, dict[str, int]]:
    """A column's ids, and the texts they belong to: few enough to be hashed one at a time."""
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    ids = {text: term_id(text) for text in encoded.dictionary.to_pylist()}
    return id_array(ids.values()).take(encoded.indices), ids


def _scoped(column: str, scope: str) -> str:
    label = f"{literal('_:' + scope)} || substr({column}, 3)"
    return f"CASE WHEN starts_with({column}, '_:') THEN {label} ELSE {column} END"


def finish_staging(cursor: Cursor, *, is_distinct: bool = False) -> None:
    """Make `staged_quad` (distinct) and `staged_term` (each term once, known or new); `is_distinct`: no quad is there twice.

    Raises:
        RdfSyntaxError: A value is no term in its N-Triples form, or stands where it may not.
        TermClashError: Two terms have one id.
    """
    unknown = checked_terms_sql("(SELECT id, text FROM distinct_term ANTI JOIN term USING (id))")
    # Two texts of one id differ in a second hash; only then are they compared, which would cost a third of a load.
    if is_distinct:
        cursor.run("ALTER TABLE loaded_quad RENAME TO staged_quad")
    else:
        cursor.run(
            "CREATE TEMP TABLE staged_quad AS SELECT DISTINCT g, s, p, o FROM loaded_quad; DROP TABLE loaded_quad"
        )
    cursor.run(f"""
        CREATE TEMP TABLE distinct_term AS
          SELECT id, any_value(text) AS text, min(hash(text)) <> max(hash(text)) AS clashes FROM loaded_term GROUP BY id;
        CREATE TEMP TABLE clashing_term AS
          SELECT id, min(l.text) AS text, max(l.text) AS other FROM loaded_term l
          JOIN (SELECT id FROM distinct_term WHERE clashes) USING (id) GROUP BY id;
        DROP TABLE loaded_term;
        CREATE TEMP TABLE new_term AS {unknown};
        CREATE TEMP VIEW staged_term AS
          SELECT id, kind, text FROM new_term UNION ALL SELECT id, kind, text FROM term""")
    _check_loaded_clashes(cursor)
    _check_terms(cursor)
    cursor.run("DROP TABLE distinct_term; DROP TABLE clashing_term")
    _name_own_graphs(cursor)


def load_new_statements(cursor: Cursor, graph: str, statements: pa.Table) -> None:
    """Append a small table of statements to `added_quad` (those that are new) and their terms to `new_term`."""
    with cursor.registered("given", _four_columns(statements)):
        g = str(IRI(graph))
        ids = ", ".join(
            f"{id_sql(text)} AS {name}" for text, name in (("$g", "g"), ("s", "s"), ("p", "p"), ("o", "o"))
        )
        cursor.run(
            f"INSERT INTO added_quad SELECT * FROM (SELECT DISTINCT {ids} FROM given) ANTI JOIN quad USING (g, s, p, o)",
            {"g": g},
        )
        texts = (
            "SELECT $g AS text UNION SELECT s FROM given UNION SELECT p FROM given UNION SELECT o FROM given"
        )
        terms = checked_terms_sql(f"(SELECT {id_sql('text')} AS id, text FROM ({texts}))")
        cursor.run(f"INSERT INTO new_term SELECT * FROM ({terms}) ANTI JOIN new_term USING (id)", {"g": g})
    check_clashes(cursor, "new_term")


def create_edits(cursor: Cursor) -> None:
    """The temporary tables that a change is gathered in."""
    cursor.run("""
        CREATE TEMP TABLE inserted_quad (g UBIGINT, s UBIGINT, p UBIGINT, o UBIGINT);
        CREATE TEMP TABLE deleted_quad (g UBIGINT, s UBIGINT, p UBIGINT, o UBIGINT);
        CREATE TEMP TABLE replaced_graph (g UBIGINT, name VARCHAR);
        CREATE TEMP TABLE new_term (id UBIGINT, text VARCHAR, kind UTINYINT)""")


def load_edit(cursor: Cursor, statements: pa.Table, *, with_terms: bool) -> None:
    """Make `edit_quad` (distinct) of a table of statements that all name their graph; new terms go to `new_term`.

    Raises:
        RdfSyntaxError: A value is no term in canonical N-Triples form.
        TermClashError: Two terms share an id.
    """
    ids = ", ".join(f"{id_sql(place)} AS {place}" for place in ("g", "s", "p", "o"))
    with cursor.registered("given", _four_columns(statements)):
        cursor.run(f"CREATE OR REPLACE TEMP TABLE edit_quad AS SELECT DISTINCT {ids} FROM given")
        if not with_terms:
            return
        texts = " UNION ".join(f"SELECT {place} AS text FROM given" for place in _COLUMNS)
        cursor.run(
            f"CREATE OR REPLACE TEMP TABLE edit_term AS SELECT {id_sql('text')} AS id, text FROM ({texts})"
        )
    clash = cursor.rows("SELECT min(text), max(text) FROM edit_term GROUP BY id HAVING count(*) > 1 LIMIT 1")
    if clash:
        raise _clash(*clash[0])
    check_clashes(cursor, "edit_term")
    unknown = checked_terms_sql(
        "(SELECT * FROM edit_term ANTI JOIN term USING (id) ANTI JOIN new_term USING (id))"
    )
    cursor.run(f"INSERT INTO new_term {unknown}")
    _check_kinds(cursor)


def check_clashes(cursor: Cursor, terms: str) -> None:
    """Return when no term of the relation (id, text) shares its id with another term of the ledger.

    Raises:
        TermClashError: One does.
    """
    clash = cursor.rows(f"""
        SELECT d.text, t.text FROM {terms} d
        JOIN (SELECT id, text FROM term SEMI JOIN {terms} USING (id)) t USING (id) WHERE d.text <> t.text LIMIT 1""")
    if clash:
        raise _clash(*clash[0])


def _check_loaded_clashes(cursor: Cursor) -> None:
    clash = cursor.rows("SELECT text, other FROM clashing_term WHERE text <> other LIMIT 1")
    if clash:
        raise _clash(*clash[0])
    check_clashes(cursor, "distinct_term")


def _clash(first: object, second: object) -> TermClashError:
    return TermClashError(f"{first} and {second} have one 64-bit id; nothing of this run was loaded")


def _check_kinds(cursor: Cursor) -> None:
    bad = cursor.rows("SELECT text FROM new_term WHERE kind IS NULL ORDER BY text LIMIT 1")
    if bad:
        raise RdfSyntaxError(f"{_shortened(str(bad[0][0]))} is not a term in canonical N-Triples form")


def _check_terms(cursor: Cursor) -> None:
    _check_kinds(cursor)
    misplaced = cursor.rows("""
        SELECT q.column, q.id FROM (
          SELECT DISTINCT 'subject' AS column, s AS id FROM staged_quad UNION ALL
          SELECT DISTINCT 'predicate', p FROM staged_quad UNION ALL
          SELECT DISTINCT 'graph name', g FROM staged_quad) q JOIN staged_term t USING (id)
        WHERE t.kind = 2 OR (q.column <> 'subject' AND t.kind = 0) LIMIT 1""")
    for place, number in misplaced:  # the texts of all terms would take longer than the rest
        [(text,)] = cursor.rows(f"SELECT text FROM staged_term WHERE id = {int(str(number))}")
        raise RdfSyntaxError(f"{_shortened(str(text))} cannot be a {place!s}")


def _shortened(text: str, limit: int = 120) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


def name_graph(cursor: Cursor, graph: str) -> None:
    """Note that a graph (an IRI) is to be replaced."""
    cursor.run("INSERT INTO replaced_graph VALUES (?, ?)", [term_id(str(IRI(graph))), graph])


def _name_own_graphs(cursor: Cursor) -> None:
    """Note the graphs that statements name themselves."""
    cursor.run("""
        INSERT INTO replaced_graph SELECT id, substr(text, 2, length(text) - 2) FROM staged_term
        SEMI JOIN (SELECT g FROM staged_quad ANTI JOIN replaced_graph USING (g)) ON id = g""")
