"""What a source could not give, as values: one fault per withheld cell or row, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceFault:
    r"""A cell or a row that could not be read; the rest of the file was.

    Attributes:
        row: The row as the contract counts it; None where the fault concerns the whole file.
        column: The reference or column name; empty where the whole row is at fault.
        value: What stands in the source, undecodable bytes shown as `\\xNN`, cut to a readable length.
        reason: A slug: `undecodable`, `short-row`, `long-row`, `bad-quotes`, `cell-error`, `bad-json`,
            `not-a-value`, `duplicate-key`.
        message: What is wrong, in English.
        message_zh: The same in Chinese.
    """

    row: int | None
    column: str
    value: str
    reason: str
    message: str
    message_zh: str


MAX_SHOWN = 200


def shorten(value: str) -> str:
    """The value, cut to `MAX_SHOWN` characters with an ellipsis."""
    return value if len(value) <= MAX_SHOWN else value[: MAX_SHOWN - 1] + "…"


def undecodable(row: int, column: str, value: str, encoding: str) -> SourceFault:
    """A cell holds bytes that the declared encoding does not know."""
    return SourceFault(
        row,
        column,
        shorten(value),
        "undecodable",
        f"the cell holds bytes that are not {encoding}; check the declared encoding or repair the cell",
        f"单元格含有不属于 {encoding} 编码的字节；请核对声明的编码或修正该单元格",
    )


def short_row(row: int, column: str, found: int, expected: int) -> SourceFault:
    """A row ends early; `column` is the first one it lacks."""
    return SourceFault(
        row,
        column,
        str(found),
        "short-row",
        f"the row has {found} cells, the header {expected}; the cells that are there were read",
        f"该行只有 {found} 个单元格，表头有 {expected} 个；已有的单元格已读取",
    )


def long_row(row: int, surplus: str, found: int, expected: int) -> SourceFault:
    """A row goes on after the last named column; `surplus` is what stands there."""
    return SourceFault(
        row,
        "",
        shorten(surplus),
        "long-row",
        f"the row has {found} cells, the header {expected}; the surplus was not read, is a delimiter unquoted?",
        f"该行有 {found} 个单元格，表头只有 {expected} 个；多出的内容未读取，是否有未加引号的分隔符？",
    )


def bad_quotes(row: int, value: str, detail: str) -> SourceFault:
    """A row's quotes do not close as they should; the row was withheld."""
    return SourceFault(
        row,
        "",
        shorten(value),
        "bad-quotes",
        f"the row's quotes do not fit ({detail}); the row was not read",
        "该行的引号不配对；该行未读取",
    )


def cell_error(row: int, column: str, value: str) -> SourceFault:
    """A spreadsheet cell shows an error instead of a value."""
    return SourceFault(
        row,
        column,
        shorten(value),
        "cell-error",
        f"the cell shows the spreadsheet error {value}; repair its formula or type the value",
        f"单元格显示电子表格错误 {value}；请修正公式或直接填写数值",
    )


def bad_json(row: int, value: str, detail: str) -> SourceFault:
    """A line is no JSON object; the line was withheld."""
    return SourceFault(
        row,
        "",
        shorten(value),
        "bad-json",
        f"the line is no JSON object ({detail}); it was not read",
        "该行不是 JSON 对象；该行未读取",
    )


def bad_text(row: int, column: str, value: str, kind: str, detail: str) -> SourceFault:
    """A cell's text is not of the format that its field says; what would be made of it is withheld."""
    return SourceFault(
        row,
        column,
        shorten(value),
        "bad-text",
        f"the text is no {kind} ({detail}); its fields have no values",
        f"该文本不是 {kind}；其中的字段无值",
    )


def not_a_value(row: int, column: str, value: str, kind: str) -> SourceFault:
    """A reference meets an array or an object where a single value was meant."""
    kind_zh = {"array": "数组", "object": "对象"}[kind]
    advice, advice_zh = ("[*]", "[*]") if kind == "array" else ("a member's name", "成员名")
    return SourceFault(
        row,
        column,
        shorten(value),
        "not-a-value",
        f"the reference gives an {kind}, not a value; add {advice} to it",
        f"该引用得到的是{kind_zh}而不是值；请在其后加上{advice_zh}",
    )


def duplicate_member(row: int, column: str, key: str) -> SourceFault:
    """A JSON object names a member twice; neither value was taken."""
    return SourceFault(
        row,
        column,
        shorten(key),
        "duplicate-key",
        f"the object has the member {key!r} more than once; none was taken",
        f"对象中成员“{key}”出现多次；均未采用",
    )
