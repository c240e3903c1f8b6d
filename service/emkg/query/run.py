"""Run one `.rq` with its parameters as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from emkg.errors import ParameterError, QuerySyntaxError
from emkg.query.answer import Row, to_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from emkg.plan import Solutions
    from emkg.query.question import Question
    from emkg.rdf import Term


class Evaluator(Protocol):
    """What evaluates a SELECT query whose VALUES blocks are filled with bindings."""

    @property
    def generation(self) -> int:
        """The current generation."""
        ...

    def select(
        self,
        text: str,
        bindings: Mapping[str, Sequence[Term]] | None = None,
        *,
        as_of: int | None = None,
        beside: Sequence[str] = (),
    ) -> Solutions:
        """The solutions, as of a generation; the texts beside it are likely to be asked too."""
        ...


@dataclass(frozen=True)
class Asker:
    """Who evaluates the steps of an answer: all on one generation, on one day.

    Attributes:
        evaluator: Evaluates each step.
        generation: The generation they all run on.
        today: The day that "now" means.
        steps: Texts of all queries that answers are made of, so that one filled process serves them all.
    """

    evaluator: Evaluator
    generation: int
    today: date
    steps: tuple[str, ...] = ()


def run(question: Question, given: Mapping[str, Sequence[Term]], asker: Asker) -> Solutions:
    """Solutions of a question's query; parameters that are not given stay open.

    Raises:
        ParameterError: A term cannot stand in a query.
        LimitError: The query reached a limit.
    """
    bindings = {
        variable: given.get(parameter.name, ())
        for parameter in question.parameters
        for variable in parameter.variables
    }
    try:
        return asker.evaluator.select(question.text, bindings, as_of=asker.generation, beside=asker.steps)
    except QuerySyntaxError as error:  # the question's own text is right: what was filled in is not
        named = ", ".join(parameter.name for parameter in question.parameters if given.get(parameter.name))
        raise ParameterError(
            f"one of {named} is no IRI: {error.message}", message_zh=f"参数 {named} 中有不合法的 IRI"
        ) from error


def rows_of(solutions: Solutions) -> tuple[Row, ...]:
    """Solutions as rows: every variable has a value, None where it is unbound."""
    return tuple(
        {name: to_value(solution.get(name)) for name in solutions.variables} for solution in solutions.rows
    )
