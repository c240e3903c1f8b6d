"""An explanation as text for a reader, as JSON for a program, as PROV-O for anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from emkg.pipeline.place import shown
from emkg.pipeline.why_prov import provenance
from emkg.plan import Pattern, Slot, Variable
from emkg.rdf import Term, Triple, compact, serialise
from emkg.reasoning import MAX_SOLUTIONS
from emkg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emkg.mapping import SourceCell
    from emkg.pipeline.why import FactSource, WhyAnswer
    from emkg.reasoning import Explanation, Rule

WhyLanguage: TypeAlias = Literal["en", "zh"]

_WORDS = {
    "en": {
        "rule": "by rule {name}{place}",
        "because": "because",
        "ways": "one of {count} ways:",
        "compared": "compared",
        "absent": "there is no",
        "asserted": "stated in {graph}",
        "axiom": "an axiom of the ontology",
        "cell": "{file}, row {row}, column {column}: {value}  (mapping {mapping})",
        "row": "{file}, row {row}  (mapping {mapping})",
        "note": "its source could not be read: {note}",
    },
    "zh": {
        "rule": "由规则 {name}{place} 推出",
        "because": "因为",
        "ways": "共有 {count} 条依据，此为其一：",
        "compared": "经比较",
        "absent": "不存在",
        "asserted": "见于 {graph}",
        "axiom": "本体公理",
        "cell": "{file} 第 {row} 行，{column} 列：{value}（映射 {mapping}）",
        "row": "{file} 第 {row} 行（映射 {mapping}）",
        "note": "无法读取其来源：{note}",
    },
}


def why_text(answer: WhyAnswer, language: WhyLanguage = "en") -> str:
    """The explanation as an indented outline; a statement that was explained above is not explained again."""
    return "\n".join(_Outline(answer, language).lines(answer.explanation, "")) + "\n"


def why_json(answer: WhyAnswer) -> str:
    """The explanation as one JSON object, terms in N-Triples form."""
    return json.dumps(_object(answer, answer.explanation), ensure_ascii=False, indent=2) + "\n"


def why_turtle(answer: WhyAnswer) -> str:
    """The explanation in PROV-O: statements as entities, derivations as activities with the rule as their plan."""
    return "".join(serialise(provenance(answer), "turtle", PREFIXES))


class _Outline:
    def __init__(self, answer: WhyAnswer, language: WhyLanguage) -> None:
        self._answer = answer
        self._language = language
        self._words = _WORDS[language]
        self._shown: set[Triple] = set()

    def lines(self, explanation: Explanation, indent: str) -> Iterator[str]:
        yield f"{indent}{self._statement(explanation.statement)}"
        inner = f"{indent}  "
        if explanation.statement in self._shown:
            return
        self._shown.add(explanation.statement)
        if explanation.rule is None:
            yield from (inner + line for line in self._sources(explanation))
            return
        place = f" ({shown(explanation.rule.location)})" if explanation.rule.location else ""
        yield inner + self._words["rule"].format(name=explanation.rule.name, place=place)
        if text := _documentation(explanation.rule, self._language):
            yield f"{inner}  {text}"
        if explanation.ways > 1:
            count = f"{explanation.ways}{'+' if explanation.ways == MAX_SOLUTIONS else ''}"
            yield inner + self._words["ways"].format(count=count)
        yield f"{inner}{self._words['because']}"
        for premise in explanation.premises:
            yield from self.lines(premise, f"{inner}  ")
        for comparison in explanation.comparisons:
            sides = f"{_slot(comparison.left)} {comparison.operator.value} {_slot(comparison.right)}"
            yield f"{inner}{self._words['compared']} {sides}"
        for absence in explanation.absences:
            yield f"{inner}{self._words['absent']} {self._absence(absence)}"

    def _absence(self, pattern: Pattern) -> str:
        triples = [" ".join(_slot(slot) for slot in triple.slots) for triple in pattern.triples]
        tests = [f"{_slot(c.left)} {c.operator.value} {_slot(c.right)}" for c in pattern.comparisons]
        return "; ".join(
            [*triples, *tests, *(f"{self._words['absent']} {self._absence(n)}" for n in pattern.negated)]
        )

    def _statement(self, statement: Triple) -> str:
        parts = (statement.subject, statement.predicate, statement.object)
        return " ".join(self._term(term) for term in parts)

    def _term(self, term: Term) -> str:
        labels = self._answer.labels.get(term, {})
        label = labels.get(self._language) or labels.get("") or next(iter(labels.values()), "")
        return f"{compact(term)}[{label}]" if label else compact(term)

    def _sources(self, explanation: Explanation) -> Iterator[str]:
        sources = self._answer.sources_of(explanation)
        if not sources:
            yield self._words["axiom"]
        for source in sources:
            yield self._words["asserted"].format(graph=source.graph.removeprefix(GRAPH))
            yield from (f"  {self._cell(cell)}" for cell in source.cells)
            yield from (f"  {shown(place)}" for place in source.places)
            if source.note:
                yield f"  {self._words['note'].format(note=source.note)}"

    def _cell(self, cell: SourceCell) -> str:
        form = self._words["cell" if cell.column else "row"]
        return form.format(
            file=cell.file, row=cell.row, column=cell.column, value=cell.value, mapping=shown(cell.mapping)
        )


def _slot(slot: Slot) -> str:
    return str(slot) if isinstance(slot, Variable) else compact(slot)


def _documentation(rule: Rule, language: str) -> str:
    return rule.documentation.get(language) or rule.documentation.get("en", "")


def _object(answer: WhyAnswer, explanation: Explanation) -> dict[str, object]:
    statement, rule = explanation.statement, explanation.rule
    found: dict[str, object] = {
        "subject": str(statement.subject),
        "predicate": str(statement.predicate),
        "object": str(statement.object),
        "graphs": list(explanation.graphs),
    }
    if rule is None:
        return found | {"sources": [_source(source) for source in answer.sources_of(explanation)]}
    return found | {
        "rule": {
            "name": rule.name,
            "location": shown(rule.location) if rule.location else None,
            "documentation": dict(rule.documentation),
        },
        "premises": [_object(answer, premise) for premise in explanation.premises],
        "comparisons": [str(comparison) for comparison in explanation.comparisons],
        "absences": [str(absence) for absence in explanation.absences],
        "ways": explanation.ways,
    }


def _source(source: FactSource) -> dict[str, object]:
    cells = [
        {"mapping": shown(c.mapping), "file": c.file, "row": c.row, "column": c.column, "value": c.value}
        for c in source.cells
    ]
    return {
        "graph": source.graph,
        "dataset": source.dataset or None,
        "cells": cells,
        "places": [shown(place) for place in source.places],
        "note": source.note or None,
    }
