"""Articles that a mapping cites, and whether their act is in force on a date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.errors import Location
from emkg.mapping.model import TermMap
from emkg.pipeline.lint_finding import found, hints
from emkg.pipeline.lint_statement import constant_iri, uses
from emkg.sources.suggestion import closest_name
from emkg.vocabulary import CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.pipeline.lint_context import LintContext
    from emkg.pipeline.lint_finding import LintFinding

_ACT: Final = re.compile(re.escape(CODE) + r"act/([^/]+)(?:/article/([^/]+))?$")
_COMMENT: Final = re.compile(r"^\s*#\s*law:\s*([\w.\-]+)(?:\s+([\w.\-]+))?")


def lint_citations(context: LintContext) -> Iterator[LintFinding]:
    """Constant IRIs of acts and articles as objects, and comments `# law: act article`."""
    for use in uses(context.mapping):
        cited = _ACT.match(constant_iri(use.object)) if isinstance(use.object, TermMap) else None
        if cited:
            yield from _judge(context, cited[1], cited[2] or "", use.object.location)
    for number, line in enumerate(context.text.lines, start=1):
        comment = _COMMENT.match(line)
        if comment:
            place = Location(context.mapping.path, number, comment.start(1) + 1)
            yield from _judge(context, comment[1], comment[2] or "", place)


def _judge(context: LintContext, key: str, article: str, place: Location) -> Iterator[LintFinding]:
    acts, as_of = context.inputs.acts, context.inputs.as_of
    act = acts.by_key.get(key)
    if act is None:
        near = closest_name(key, acts.by_key)
        hint, hint_zh = hints((near,) if near else ())
        yield found(
            "unknown-act",
            place,
            f"the reference data has no act {key}{hint}",
            f"参考数据中没有法律文件 {key}{hint_zh}",
            suggestion=near or "",
        )
        return
    if act.repealed_on is None or as_of < act.repealed_on:
        return
    successors = acts.articles.get((key, article), ()) or act.successors
    now = f"; now {', '.join(successors)}" if successors else ""
    now_zh = f"；现为 {'、'.join(successors)}" if successors else ""
    what, what_zh = (f"art. {article} of {key}", f"{key} 第{article}条") if article else (key, key)
    yield found(
        "repealed-article",
        place,
        f"{what} ({act.title}) is repealed since {act.repealed_on}{now}",
        f"{what_zh}（{act.title_zh}）自 {act.repealed_on} 起废止{now_zh}",
        suggestion=successors[0] if successors else "",
    )
