"""What must hold inside a ledger, as questions to its tables: each flaw is counted and one example shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from emkg.ledger.dictionary import id_sql, term_id
from emkg.ledger.provenance import PROVENANCE_GRAPH
from emkg.ledger.schema import QUAD_COLUMNS, QUAD_TABLES
from emkg.ledger.typed_value import TYPED_VALUES
from emkg.rdf import IRI
from emkg.vocabulary import PROV, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.ledger.cursor import Cursor


@dataclass(frozen=True)
class Flaw:
    """Something that must hold and does not.

    Attributes:
        name: A slug that stays the same between versions.
        count: How many rows break the rule.
        example: One of them, as the row shows it.
        message: The rule that is broken, in English.
        message_zh: The same in Chinese.
    """

    name: str
    count: int
    example: str
    message: str
    message_zh: str


@dataclass(frozen=True)
class IntegrityReport:
    """The size of a ledger and what is wrong inside it."""

    generation: int
    quads: int
    past_quads: int
    terms: int
    flaws: tuple[Flaw, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


@dataclass(frozen=True)
class _Rule:
    """A SELECT of the rows that break a rule, with one column `example`."""

    name: str
    sql: str
    message: str
    message_zh: str


_ALL_QUADS: Final = "SELECT g, s, p, o FROM quad UNION ALL SELECT g, s, p, o FROM quad_history"
_DIGEST: Final = f"(count(*), sum(hash({QUAD_COLUMNS})))"
_VALUES: Final = ("number", "exact", "instant", "has_zone", "truth")
_RULES: Final = (
    _Rule(
        "term-id",
        f"SELECT text AS example FROM term WHERE id <> {id_sql('text')}",
        "a term's id is not that of its text",
        "词项的编号与其文本不符",
    ),
    _Rule(
        "term-twice",
        "SELECT any_value(text) AS example FROM term GROUP BY id HAVING count(*) > 1",
        "a term is there more than once",
        "词项重复",
    ),
    _Rule(
        "term-value",
        f"""SELECT text AS example FROM term t, LATERAL (SELECT {TYPED_VALUES} FROM (SELECT t.lexical, t.datatype)) v
          WHERE t.datatype IS NOT NULL AND ({" OR ".join(f"t.{name} IS DISTINCT FROM v.{name}" for name in _VALUES)})""",
        "a literal's value columns are not those of its text",
        "字面量的数值列与其文本不符",
    ),
    _Rule(
        "unknown-term",
        f"""SELECT id::VARCHAR AS example FROM (SELECT DISTINCT unnest([g, s, p, o]) AS id FROM ({_ALL_QUADS}))
          ANTI JOIN term USING (id)""",
        "a statement refers to a term that is not there",
        "陈述引用了不存在的词项",
    ),
    _Rule(
        "term-place",
        f"""SELECT t.text AS example FROM term t JOIN (
            SELECT DISTINCT s AS id, true AS blank FROM ({_ALL_QUADS}) UNION ALL
            SELECT DISTINCT p, false FROM ({_ALL_QUADS}) UNION ALL SELECT DISTINCT g, false FROM ({_ALL_QUADS})) q
          ON t.id = q.id WHERE t.kind = 2 OR (t.kind = 0 AND NOT q.blank)""",
        "a literal, or a blank node, stands where RDF has none",
        "字面量或空白节点出现在 RDF 不允许的位置",
    ),
    _Rule(
        "quad-twice",
        "SELECT s::VARCHAR AS example FROM quad GROUP BY g, s, p, o HAVING count(*) > 1",
        "a statement is in its graph more than once",
        "同一图中的陈述重复",
    ),
    _Rule(
        "copy-differs",
        f"""SELECT name AS example FROM (
            {" UNION ALL ".join(f"SELECT '{name}' AS name, {_DIGEST} AS digest FROM {name}" for name in QUAD_TABLES)})
          WHERE digest IS DISTINCT FROM (SELECT {_DIGEST} FROM quad)""",
        "a sorted copy of the statements does not hold what they are",
        "陈述的排序副本与陈述不一致",
    ),
    _Rule(
        "empty-interval",
        "SELECT s::VARCHAR AS example FROM quad_history WHERE from_generation >= until_generation",
        "a past statement ended before it began",
        "历史陈述的结束早于开始",
    ),
    _Rule(
        "overlap",
        """WITH spans AS (
            SELECT g, s, p, o, from_generation, until_generation FROM quad_history UNION ALL
            SELECT g, s, p, o, from_generation, 4294967295 FROM quad SEMI JOIN quad_history USING (g, s, p, o))
          SELECT s::VARCHAR AS example FROM (
            SELECT s, from_generation, lag(until_generation) OVER (PARTITION BY g, s, p, o ORDER BY from_generation) AS ended
            FROM spans) WHERE from_generation < ended""",
        "a statement was there twice at one time",
        "同一陈述的有效区间重叠",
    ),
    _Rule(
        "unknown-generation",
        """SELECT n::VARCHAR AS example FROM (
            SELECT DISTINCT unnest([from_generation, until_generation]) AS n FROM quad_history UNION
            SELECT DISTINCT from_generation FROM quad) ANTI JOIN generation ON n = id""",
        "a statement names a generation that was never committed",
        "陈述引用了从未提交的世代",
    ),
    _Rule(
        "generation-order",
        """SELECT id::VARCHAR AS example FROM (
            SELECT id, row_number() OVER (ORDER BY id) AS place, committed_at,
              lag(committed_at) OVER (ORDER BY id) AS earlier FROM generation)
          WHERE id <> place OR committed_at < earlier""",
        "the generations are not numbered without gaps in the order of their times",
        "世代编号不连续或时间次序颠倒",
    ),
    _Rule(
        "no-provenance",
        f"""SELECT activity AS example FROM generation g WHERE NOT EXISTS (
            SELECT 1 FROM quad WHERE quad.g = {term_id(str(IRI(PROVENANCE_GRAPH)))} AND quad.s = {id_sql("'<' || g.activity || '>'")}
              AND quad.p = {term_id(str(IRI(RDF_TYPE)))} AND quad.o = {term_id(str(IRI(PROV + "Activity")))})""",
        "a generation has no provenance record",
        "世代缺少来源记录",
    ),
)


def check_integrity(cursor: Cursor) -> IntegrityReport:
    """Ask every question; reads everything once or twice, and changes nothing."""
    generation, quads, past, terms = (
        cursor.count(f"SELECT {what}")
        for what in (
            "coalesce(max(id), 0) FROM generation",
            "count(*) FROM quad",
            "count(*) FROM quad_history",
            "count(*) FROM term",
        )
    )
    return IntegrityReport(generation, quads, past, terms, tuple(_flaws(cursor)))


_LOST: Final = Flaw(
    "term-index",
    0,
    "",
    "the index does not find a term; run `emkg ledger compact`",
    "索引找不到词项；请运行 emkg ledger compact",
)
_IDS_PER_QUERY: Final = 1_000


def _flaws(cursor: Cursor) -> Iterator[Flaw]:
    sample = cursor.rows(f"SELECT id FROM term USING SAMPLE {_IDS_PER_QUERY} ROWS")
    for (number,) in sample:
        if not cursor.rows(f"SELECT id FROM term WHERE id = {int(str(number))}"):
            yield replace(_LOST, count=1, example=str(number))
            break
    for rule in _RULES:
        ((count, example),) = cursor.rows(f"SELECT count(*), min(example) FROM ({rule.sql})")
        if count:
            yield Flaw(rule.name, int(str(count)), str(example), rule.message, rule.message_zh)
