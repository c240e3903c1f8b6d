"""A suggestion as a YARRRML file: every line with its score and reason, and what was not mapped with its candidates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from emkg.ontology.term import shorten
from emkg.pipeline.inspection import source_yaml
from emkg.pipeline.suggestion_score import is_epoch_millis, xsd_of
from emkg.vocabulary import RDFS_LABEL, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.pipeline.suggestion import ColumnProposal, Suggestion
    from emkg.pipeline.suggestion_score import Fit
    from emkg.sources.inspection import ColumnProfile

_PADDING: Final = {
    4: "00",
    6: "",
}  # GB/T 2260: a prefecture's code of four digits is the one of six without 00
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def suggestion_yaml(suggestion: Suggestion, access: str) -> str:
    """The mapping; `access` is how it names the file."""
    name, subject = _names(suggestion)
    extra = {} if suggestion.key else {"rowNumber": "rowNo"}
    lines = [
        "# A first mapping, to be read and changed. Each proposal has its score (0 to 1) and its reason.",
        *_others(suggestion),
        "prefixes:",
        "  id: https://w3id.org/emkg/id/",
        "sources:",
        *source_yaml("records", suggestion.table, access, extra),
        "mappings:",
        f"  {name}:",
        "    sources: [records]",
        *_subject(suggestion, subject),
        "    po:",
        *(f"      {line}" for line in _class_lines(suggestion)),
        *(f"      {line}" for line in _places(suggestion)),
        *(f"      {line}" for proposal in suggestion.columns for line in _column(proposal)),
    ]
    return "\n".join(lines) + "\n"


def _others(suggestion: Suggestion) -> Iterator[str]:
    if names := suggestion.other_tables:
        yield f"# Of {_one_line(suggestion.table.sample.name)} only; `--table` takes the others: {_one_line(', '.join(names))}"


def _names(suggestion: Suggestion) -> tuple[str, str]:
    if not suggestion.classes:
        return "record", "record"
    local = shorten(suggestion.classes[0].term.iri).partition(":")[2]
    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower()
    return kebab, kebab


def _subject(suggestion: Suggestion, name: str) -> Iterator[str]:
    if suggestion.key:
        keys = "-".join(_reference(column) for column in suggestion.key)
        yield f"    s: {_quoted(f'id:{name}/{keys}')}  # {', '.join(suggestion.key)}: different in every sampled record"
    else:
        yield f"    s: id:{name}/$(rowNo)  # no column tells the records apart; the row's number does, until the file changes"


def _class_lines(suggestion: Suggestion) -> Iterator[str]:
    if not suggestion.classes:
        yield "# a: no class is certain; say what a record is"
        return
    first, *others = suggestion.classes
    if suggestion.missing:
        lacking = ", ".join(map(shorten, suggestion.missing))
        yield f"# add {lacking}, which a record of this class must have and no column gives, then take up the next line:"
    mark = "# " if suggestion.missing else ""
    yield f"{mark}- [a, {shorten(first.term.iri)}]  # {first.score:.2f}: {first.reason}"
    for one in others:
        yield f"# a {shorten(one.term.iri)}  # {one.score:.2f}: {one.reason}"


def _places(suggestion: Suggestion) -> Iterator[str]:
    """A point of two columns of degrees, written as they are; none where they would need what no function does."""
    axes = {code.kind.name: (column, code) for column in suggestion.table.columns for code in column.codes}
    if not {"longitude", "latitude"} <= axes.keys():
        return
    (east, code), (north, _) = axes["longitude"], axes["latitude"]
    note = "; ".join(english for english, _ in code.notes)
    first, second = _reference(east.name), _reference(north.name)
    if code.kind.hint:
        yield "- p: geo:asWKT"
        yield f"  o:  # two columns of degrees; {note}"
        yield f"    function: {code.kind.hint}"
        yield f"    parameters: [[emf:longitude, {_quoted(first)}], [emf:latitude, {_quoted(second)}]]"
        yield "    datatype: geo:wktLiteral"
    elif "BD-09" in note and "cannot tell" not in note and "do not apply" not in note:
        yield f"# not mapped: {_one_line(east.name)}, {_one_line(north.name)} ({note}: convert them before)"
    else:
        point = _quoted(f"POINT({first} {second})")
        yield f"- [geo:asWKT, {point}, geo:wktLiteral]  # two columns of degrees; {note}"


def _column(proposal: ColumnProposal) -> Iterator[str]:
    column, chosen = proposal.column, proposal.chosen
    name = _one_line(column.name)
    if any(code.kind.name in {"longitude", "latitude"} for code in column.codes):
        return
    if column.is_personal:
        label = column.codes[0].kind.label[0]
        yield f"# not mapped: {name} ({label}: map it only where the law lets you pass it on)"
    elif chosen is not None and chosen.target.is_object and (why := _unknown_codes(column)):
        yield f"# not mapped: {name} (it could be {shorten(chosen.target.iri)}, but {why})"
    elif chosen is not None:
        yield from _statement(column, chosen)
    else:
        others = "; ".join(f"{shorten(one.target.iri)} {one.score:.2f}" for one in proposal.candidates)
        yield f"# not mapped: {name}" + (f" (candidates: {others})" if others else "")


def _unknown_codes(column: ColumnProfile) -> str:
    """Why the column's division codes are no IRIs of the graph, whose codes have six digits; empty where they are."""
    divisions = [code for code in column.codes if code.kind.name == "division"]
    if not divisions or divisions[0].digits in _PADDING:
        return ""
    digits = divisions[0].digits
    return f"its codes have {digits or 'different numbers of'} digits and the graph's have 6"


def _statement(column: ColumnProfile, chosen: Fit) -> Iterator[str]:
    predicate, why = shorten(chosen.target.iri), f"  # {chosen.score:.2f}: {_one_line(chosen.reason)}"
    reference = _quoted(_reference(column.name))
    datatype = xsd_of(chosen.target)
    if chosen.target.is_object:
        divisions = [code for code in column.codes if code.kind.name == "division"]
        scheme, end = ("division", _PADDING[divisions[0].digits]) if divisions else ("event", "")
        yield f"- [{predicate}, {_quoted(f'code:{scheme}/{_reference(column.name)}{end}~iri')}]{why}"
    elif is_epoch_millis(column) and datatype == XSD + "dateTime":
        yield f"- p: {predicate}{why}"
        yield "  o:"
        yield "    function: emf:epochMillis"
        yield f"    parameters: [[emf:value, {reference}]]"
        yield "    datatype: xsd:dateTime"
    elif column.form and column.datatype in {"date", "dateTime"}:
        function = "emf:parseDate" if column.datatype == "date" else "emf:parseDateTime"
        zone = ', [emf:zone, "+08:00"]' if column.datatype == "dateTime" else ""
        yield f"- p: {predicate}{why}"
        yield "  o:" + ("  # local time: +08:00 is an assumption" if zone else "")
        yield f"    function: {function}"
        yield f"    parameters: [[emf:value, {reference}], [emf:format, {json.dumps(column.form, ensure_ascii=False)}]{zone}]"
        yield f"    datatype: xsd:{column.datatype}"
    elif datatype:
        yield f"- [{predicate}, {reference}, {shorten(datatype)}]{why}"
    elif chosen.target.iri == RDFS_LABEL or "langString" in chosen.target.range:
        is_chinese = any(_CHINESE.search(text) for text in column.examples)
        yield f"- [{predicate}, {reference}, {'zh' if is_chinese else 'en'}~lang]{why}"
    else:
        yield f"- [{predicate}, {reference}]{why}"


def _reference(column: str) -> str:
    """`$(…)` with brackets that do not pair escaped."""
    depth = 0
    for character in column:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            break
    text = column if depth == 0 else column.replace("(", r"\(").replace(")", r"\)")
    return f"$({text})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())
