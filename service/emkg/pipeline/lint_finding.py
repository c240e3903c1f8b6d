"""What `emkg map lint` can find, as one table, and what it found, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from emkg.errors import Location


class Severity(Enum):
    """How much it matters; only errors make the command fail. The values are SARIF's levels."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class LintRule:
    """One rule: its code, how much a finding of it matters, what it finds."""

    code: str
    severity: Severity
    summary: str
    summary_zh: str


@dataclass(frozen=True)
class LintFinding:
    """One fault of a mapping; `suggestion` is what may have been meant, empty where nothing is close."""

    code: str
    severity: Severity
    message: str
    message_zh: str
    location: Location
    suggestion: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """What findings are sorted by: place, then code."""
        place = self.location
        return (place.file, place.line or 0, place.column or 0, self.code, self.message)


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

RULES: Final = {
    code: LintRule(code, severity, summary, summary_zh)
    for code, severity, summary, summary_zh in (
        ("syntax", _E, "The file cannot be read as a mapping.", "文件不能作为映射解析。"),
        ("unknown-class", _E, "A class of em: that the ontology does not declare.", "em: 中没有的类。"),
        (
            "unknown-property",
            _E,
            "A property of em: that the ontology does not declare.",
            "em: 中没有的属性。",
        ),
        ("outside-domain", _E, "The subject's class is outside the property's domain.", "主语的类不在属性的定义域内。"),
        ("outside-range", _E, "The object is outside the property's range.", "宾语不在属性的值域内。"),
        ("wrong-datatype", _E, "The datatype contradicts the property's range.", "数据类型与属性的值域矛盾。"),
        ("missing-language", _E, "The property's texts need a language.", "该属性的文本须注明语言。"),
        (
            "required-property",
            _E,
            "A shape requires a property that no mapping makes (a warning where the shape only warns).",
            "形状要求的属性没有任何映射生成（形状仅警告时为警告）。",
        ),
        ("missing-source", _E, "The source file is not there, or cannot be read as described.", "数据源文件不存在或无法按声明读取。"),
        ("unchecked-source", _N, "The source is in the data folder, and none was given, or it is fetched when the mapping runs.", "数据源位于数据目录而未指定该目录，或在运行映射时才获取。"),
        ("wrong-encoding", _E, "The declared encoding cannot read the beginning of the file.", "声明的编码无法读取文件开头。"),
        ("unknown-reference", _E, "A reference to a column that the source does not have (a warning for a path of JSON or XML, which the next file may have).", "引用了数据源中不存在的列（JSON、XML 的路径为警告，下一份文件可能有）。"),
        ("unknown-join-column", _E, "A join on a column or path that its source does not have.", "连接条件用到数据源中不存在的列或路径。"),
        ("bad-join", _E, "A reference to a mapping of another source without a condition.", "引用另一数据源的映射而无连接条件。"),
        ("unmapped-column", _N, "Columns of the source that no mapping reads.", "没有任何映射读取的列。"),
        ("invalid-iri", _E, "A template whose fixed text no IRI may hold.", "模板的固定文本含有 IRI 不允许的字符。"),
        ("unsafe-iri", _W, "Values enter an IRI as they are, and some may make it invalid (a note for a reference alone).", "值原样进入 IRI，可能使其非法（单独的引用为提示）。"),
        ("constant-key", _W, "Every row makes the same subject.", "每一行都生成同一个主语。"),
        ("ambiguous-key", _W, "Two references of an IRI stand side by side: 1 and 11 make what 11 and 1 make.", "IRI 中两个引用相连，不同的值可能生成同一个 IRI。"),
        ("duplicate-subject", _N, "Two triples maps make subjects of one form from different columns.", "两个三元组映射以不同的列生成同一形式的主语。"),
        ("unused-prefix", _N, "A prefix that is declared and not used.", "声明而未使用的前缀。"),
        ("unused-source", _N, "A source that is declared and not used.", "声明而未使用的数据源。"),
        ("unknown-function", _E, "A function that does not exist.", "不存在的函数。"),
        ("bad-parameter", _E, "A parameter that is unknown, missing, repeated or unusable.", "参数未知、缺失、重复或不可用。"),
        ("bad-crosswalk", _E, "A crosswalk that is missing or cannot be read.", "对照表缺失或无法读取。"),
        ("empty-crosswalk", _E, "A crosswalk without entries: every code would be quarantined.", "对照表没有条目，所有代码都会进入隔离区。"),
        ("unknown-act", _W, "A cited act that the reference data does not have.", "引用了参考数据中没有的法律文件。"),
        ("repealed-article", _W, "The cited article is of an act that is repealed on the date.", "所引条文所属的法律文件在该日期已废止。"),
    )
}  # fmt: skip


def found(  # noqa: PLR0913 - a finding's own fields, severity by its rule
    code: str,
    location: Location,
    message: str,
    message_zh: str,
    *,
    suggestion: str = "",
    severity: Severity | None = None,
) -> LintFinding:
    """A finding of a rule, with the rule's severity unless another one is given."""
    return LintFinding(code, severity or RULES[code].severity, message, message_zh, location, suggestion)


def hints(near: tuple[str, ...]) -> tuple[str, str]:
    """`; did you mean x?` in English and Chinese for the best of `near`, or nothing."""
    return (f"; did you mean {near[0]}?", f"；是否指 {near[0]}？") if near else ("", "")
