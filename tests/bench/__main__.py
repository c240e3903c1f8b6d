"""`python -m bench`: run the measures, print the table, write the JSON."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.machine import load, machine_facts
from bench.measure import take
from bench.measure_changed import changed_measures
from bench.measure_ledger import ledger_measures
from bench.measure_mapping import mapping_measures
from bench.measure_query import query_measures
from bench.measure_question import question_measures
from bench.measure_reasoning import reasoning_measures
from bench.measure_validation import validation_measures
from bench.options import parse_options
from bench.process import RunFailedError
from bench.report import as_json, as_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.measure import Measure, Result
    from bench.options import Options


def main() -> int:
    """Exit code 0, also where a peer failed or is missing, which is said; 1 where nothing could be measured."""
    options = parse_options()
    machine = machine_facts()
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        results = list(_results(_measures(options, work)))
    machine["load at the end"] = load()
    sys.stdout.write(as_markdown(machine, results))
    if options.json:
        options.json.write_text(as_json(machine, results), encoding="utf-8")
    return 0 if results else 1


def _measures(options: Options, work: Path) -> Iterator[Measure]:
    yield from mapping_measures(options, work, _say)
    if "changed" in options.measures:
        yield from changed_measures(options, work)
    if "ledger" in options.measures:
        yield from ledger_measures(options, work)
    if "reasoning" in options.measures:
        yield from reasoning_measures(options, work)
    if "question" in options.measures:
        yield from question_measures(options, work)
    if "query" in options.measures:
        yield from query_measures(options, work, _say)
    if "validation" in options.measures:
        yield from validation_measures(options, work, _say)


def _results(measures: Iterable[Measure]) -> Iterator[Result]:
    for measure in measures:
        try:
            yield take(measure, _say)
        except RunFailedError as error:
            _say(f"{measure.name}, {measure.size}: not measured, a run failed: {error}")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main())
