"""Everything EMKG raises on purpose, as one tree.

* `EmkgError`
    * `InputError` — what was handed in cannot be used (400, exit 1)
        * `MappingError` — a mapping file is wrong; located by file, line and column
        * `SourceError` — a source file cannot be read as described
        * `DataError` — strict run: a value does not fit; located by file, row and column
        * `ShapesError` — a shapes graph is wrong or cannot be judged
        * `RdfSyntaxError` — RDF text does not parse; located by line and column
        * `QuerySyntaxError` — SPARQL text does not parse
        * `QueryRefusedError` — SPARQL that parses and may not run here (SERVICE, LOAD)
        * `ParameterError` — a named question's parameter is missing or malformed
        * `SettingsError` — a setting is unknown or unusable
    * `NotFoundError` — the named thing is not here (404)
        * `UnknownQuestionError`
        * `StatementNotFoundError`
    * `LimitError` — a limit held
        * `QueryTimeoutError` — 504
        * `MemoryLimitError` — 503
        * `ResultTooLargeError` — 413
    * `GateError` — the SHACL gate rejected a run; nothing of it was loaded (422)
    * `LedgerError` — the ledger cannot do what was asked (500)
        * `LedgerLockedError` — another process owns the file (503)
        * `LedgerCorruptError`
        * `LedgerFullError` — the disk is full; nothing of the run was loaded (507)
        * `TermClashError` — two terms share one 64-bit id
    * `CancelledError` — the user stopped the work; nothing half-done was kept (499)

Findings (validation results, lint messages, coverage gaps) are values, not exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Location:
    """A place in a file: 1-based `line` and `column`, or a data `row` and column name; None where unknown."""

    file: str
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        """`file:line:column`, or `file row N column F` for data."""
        text = self.file
        if self.line is not None:
            text += f":{self.line}"
            if self.column is not None:
                text += f":{self.column}"
        if self.row is not None:
            text += f" row {self.row}"
        if self.field is not None:
            text += f" column {self.field}"
        return text


class EmkgError(Exception):
    """The root: `slug` names the problem type (`/problems/<slug>`), `status` is its HTTP status.

    `message` says what broke and what to do, in English; `message_zh` says it in Chinese where a city
    official may read it (empty otherwise).
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "EMKG could not do this"
    title_zh: ClassVar[str] = "无法完成"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, message_zh: str = "", location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message_zh
        self.location = location

    def __str__(self) -> str:
        """`location: message`, as a compiler would print it."""
        return f"{self.location}: {self.message}" if self.location else self.message


class InputError(EmkgError):
    """What was handed in cannot be used."""

    slug = "bad-input"
    title = "The input cannot be used"
    title_zh = "输入无法使用"
    status = 400


class MappingError(InputError):
    """A mapping file is wrong."""

    slug = "bad-mapping"
    title = "The mapping is wrong"
    title_zh = "映射有误"


class SourceError(InputError):
    """A source file cannot be read as its description says."""

    slug = "bad-source"
    title = "The source cannot be read as described"
    title_zh = "数据源无法按声明读取"


class DataError(InputError):
    """A strict run met a value that does not fit; `location` holds file, row and column."""

    slug = "bad-value"
    title = "A value does not fit its mapping"
    title_zh = "数据值与映射不符"


class ShapesError(InputError):
    """A shapes graph is wrong, or cannot be judged."""

    slug = "bad-shapes"
    title = "The shapes graph is wrong"
    title_zh = "形状图有误"


class RdfSyntaxError(InputError):
    """RDF text does not parse."""

    slug = "bad-rdf"
    title = "The RDF text does not parse"
    title_zh = "RDF 文本无法解析"


class QuerySyntaxError(InputError):
    """SPARQL text does not parse."""

    slug = "bad-query"
    title = "The query does not parse"
    title_zh = "查询语句无法解析"


class QueryRefusedError(InputError):
    """SPARQL that parses and may not run here: SERVICE, LOAD, update through a query route."""

    slug = "query-refused"
    title = "This query may not run here"
    title_zh = "此查询不允许在此运行"


class ParameterError(InputError):
    """A parameter of a named question is missing, unknown or malformed."""

    slug = "bad-parameter"
    title = "A parameter is missing or malformed"
    title_zh = "参数缺失或格式有误"


class SettingsError(InputError):
    """A setting is unknown or unusable."""

    slug = "bad-setting"
    title = "A setting is unknown or unusable"
    title_zh = "设置未知或不可用"


class NotFoundError(EmkgError):
    """The named thing is not here."""

    slug = "not-found"
    title = "Not found"
    title_zh = "未找到"
    status = 404


class UnknownQuestionError(NotFoundError):
    """No named question has this name."""

    slug = "unknown-question"
    title = "There is no question of this name"
    title_zh = "没有这个名称的问题"


class StatementNotFoundError(NotFoundError):
    """The statement to explain is neither asserted nor inferred."""

    slug = "statement-not-found"
    title = "This statement is neither asserted nor inferred"
    title_zh = "该陈述既未断言也未推出"


class LimitError(EmkgError):
    """A limit held."""

    slug = "limit"
    title = "A limit was reached"
    title_zh = "达到上限"
    status = 503


class QueryTimeoutError(LimitError):
    """The query did not end within its time limit and was stopped."""

    slug = "query-timeout"
    title = "The query did not end within its time limit"
    title_zh = "查询超时"
    status = 504


class MemoryLimitError(LimitError):
    """The query needed more memory than it may use and was stopped."""

    slug = "memory-limit"
    title = "The query needed more memory than it may use"
    title_zh = "查询超出内存上限"
    status = 503


class ResultTooLargeError(LimitError):
    """The result has more rows or bytes than an answer may have."""

    slug = "result-too-large"
    title = "The result is larger than an answer may be"
    title_zh = "结果超出大小上限"
    status = 413


class GateError(EmkgError):
    """The SHACL gate rejected a run; nothing of it was loaded."""

    slug = "gate-rejected"
    title = "The gate rejected the run; nothing of it was loaded"
    title_zh = "校验未通过，本次数据全部未入库"
    status = 422


class LedgerError(EmkgError):
    """The ledger cannot do what was asked."""

    slug = "ledger"
    title = "The ledger cannot do this"
    title_zh = "账本无法完成"


class LedgerLockedError(LedgerError):
    """Another process owns the ledger's file."""

    slug = "ledger-locked"
    title = "Another process owns the ledger"
    title_zh = "账本正被另一进程占用"
    status = 503


class LedgerCorruptError(LedgerError):
    """The ledger's file is damaged."""

    slug = "ledger-corrupt"
    title = "The ledger's file is damaged"
    title_zh = "账本文件损坏"


class LedgerFullError(LedgerError):
    """The ledger's disk is full; what was there before is untouched."""

    slug = "ledger-full"
    title = "The ledger's disk is full"
    title_zh = "账本所在磁盘已满"
    status = 507


class TermClashError(LedgerError):
    """Two different terms hash to one 64-bit id; the run was not loaded."""

    slug = "term-clash"
    title = "Two terms share one id"
    title_zh = "两个术语的编号冲突"


class CancelledError(EmkgError):
    """The user stopped the work; nothing half-done was kept."""

    slug = "cancelled"
    title = "Stopped by the user"
    title_zh = "已由用户取消"
    status = 499
