"""The competency questions: what the graph of ontology and law must be able to answer, and whether it does."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from emkg.errors import InputError, Location
from emkg.ledger import Activity, Ledger
from emkg.mapping import STATEMENT_SCHEMA, parse_mapping, run_mapping
from emkg.plan import Evaluator, FallbackEvaluator, PoolLimits, QueryLimits
from emkg.rdf import parse_file
from emkg.rdf.relation import STATEMENTS_SCHEMA
from emkg.vocabulary import GRAPH, ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from emkg.rdf import Quad

_LIMITS: Final = QueryLimits(timeout_s=120, max_rows=100_000, max_bytes=1 << 28)
_MEMORY_BYTES: Final = 2 << 30
_GRAPH: Final = GRAPH + "knowledge"


@dataclass(frozen=True)
class CompetencyQuestion:
    """A question as SPARQL, with the answer that is expected of it.

    Attributes:
        file: The query's file.
        number: As it is numbered: `CQ26` of the competency questions, `DQ2` of those about the data's own quality, `AQ1` of those
            that an application wrote from the reference alone.
        text_zh: The question in Chinese.
        text_en: The question in English.
        query: The SPARQL text.
        header: The expected variables, in order.
        rows: The expected rows, sorted; an unbound variable is an empty text.
    """

    file: Path
    number: str
    text_zh: str
    text_en: str
    query: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CompetencyAnswer:
    """What the graph answered."""

    question: CompetencyQuestion
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_expected(self) -> bool:
        """Whether the answer is the expected one, in any order of rows."""
        return (self.header, self.rows) == (self.question.header, self.question.rows)

    @property
    def missing(self) -> tuple[tuple[str, ...], ...]:
        """Rows that were expected and did not come."""
        return tuple(row for row in self.question.rows if row not in self.rows)

    @property
    def unexpected(self) -> tuple[tuple[str, ...], ...]:
        """Rows that came and were not expected."""
        return tuple(row for row in self.rows if row not in self.question.rows)

    def document(self) -> dict[str, object]:
        """The answer for machines."""
        return {
            "question": self.question.file.stem,
            "number": self.question.number,
            "expected": self.is_expected,
            "rows": len(self.rows),
            "missing": [list(row) for row in self.missing],
            "unexpected": [list(row) for row in self.unexpected],
        }


def read_questions(folder: Path) -> tuple[CompetencyQuestion, ...]:
    """The questions of a folder, by file name: `<name>.rq` with its head, and `<name>.csv` with its answer.

    Raises:
        InputError: There is none, a question has no expected answer, or its head does not say what it asks.
    """
    files = sorted(folder.glob("*.rq"))
    if not files:
        raise InputError(
            f"{folder}: there is no competency question (*.rq) here",
            message_zh=f"{folder} 中没有能力问题（*.rq）",
        )
    return tuple(_question(file) for file in files)


def ask_questions(
    questions: Iterable[CompetencyQuestion], statements: pa.Table
) -> Iterator[CompetencyAnswer]:
    """Each question's answer from these statements.

    Raises:
        QuerySyntaxError: A question does not parse.
        QueryTimeoutError: One does not end.
    """
    with Ledger.open(None) as ledger:
        with ledger.stage({_GRAPH: statements.cast(STATEMENTS_SCHEMA)}) as staged:
            staged.commit(Activity("ontology/competency"))
        pool = PoolLimits(memory_bytes=_MEMORY_BYTES)
        evaluator = Evaluator(ledger, FallbackEvaluator(ledger, _LIMITS, pool), _LIMITS)
        try:
            for question in questions:
                solutions = evaluator.select(question.query)
                names = tuple(solutions.variables)
                rows = (tuple(_text(row.get(name)) for name in names) for row in solutions.rows)
                yield CompetencyAnswer(question, names, tuple(sorted(rows)))
        finally:
            evaluator.close()


def knowledge_statements(quads: Iterable[Quad], content: Path) -> pa.Table:
    """The ontology's statements, those of the reference tables as the mappings of `content` make them, and given facts.

    Given facts (`ontology/competency/*.ttl`) are what a question supposes ("given a set of departments …").

    Raises:
        MappingError: A mapping is wrong.
        DataError: A value of the reference tables does not fit.
    """
    columns: dict[str, list[str | None]] = {name: [] for name in STATEMENT_SCHEMA.names}
    given = sorted((content / "ontology" / "competency").glob("*.ttl"))
    for quad in chain(quads, *map(parse_file, given)):
        for name, value in zip(
            "spog", (str(quad.subject), str(quad.predicate), str(quad.object), None), strict=True
        ):
            columns[name].append(value)
    tables = [pa.table(columns, schema=STATEMENT_SCHEMA)]
    for file in sorted((content / "mappings" / "reference").glob("*.yml")):
        mapping = parse_mapping(file)
        with run_mapping(mapping, dataset=f"reference/{file.stem}", base=ID, strict=True) as run:
            tables.append(run.statements().read_all().cast(STATEMENT_SCHEMA))
    return pa.concat_tables(tables)


def _question(file: Path) -> CompetencyQuestion:
    query = file.read_text(encoding="utf-8")
    head = query.splitlines()[:3]
    starts = (("# CQ", "# DQ", "# AQ"), ("# 问：",), ("# Question: ",))
    if len(head) < len(starts) or not all(
        line.startswith(start) for line, start in zip(head, starts, strict=True)
    ):
        raise InputError(
            "the first three lines must say `# CQ<number>` (or `# DQ<number>`, `# AQ<number>`), `# 问：…` and `# Question: …`",
            message_zh="前三行应为 `# CQ<编号>`（或 `# DQ<编号>`、`# AQ<编号>`）、`# 问：…` 和 `# Question: …`",
            location=Location(str(file), 1),
        )
    expected = file.with_suffix(".csv")
    if not expected.is_file():
        raise InputError(
            f"{expected.name} with the expected answer is missing",
            message_zh=f"缺少预期答案 {expected.name}",
            location=Location(str(file)),
        )
    with expected.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    number, text_zh, text_en = (
        line.removeprefix(start) for line, start in zip(head, ("# ", "# 问：", "# Question: "), strict=True)
    )
    return CompetencyQuestion(
        file, number, text_zh, text_en, query, tuple(header), tuple(sorted(map(tuple, rows)))
    )


def _text(term: object) -> str:
    value: object = getattr(term, "value", "")
    return str(value)
