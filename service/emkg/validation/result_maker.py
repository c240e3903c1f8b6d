"""Results from the solutions of checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from emkg.rdf import Literal
from emkg.validation.message import default_messages
from emkg.validation.report import ValidationResult
from emkg.validation.shape import path_text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emkg.plan import Variable
    from emkg.rdf import Term
    from emkg.validation.check import Check
    from emkg.validation.shapes import ShapesGraph

_HOLE: Final = re.compile(r"\{[?$](\w+)\}")


def variables_of(check: Check) -> tuple[Variable, ...]:
    """The variables that a check's results are made of."""
    wanted = (check.focus, check.value, check.path, *check.variables, check.target)
    return tuple(dict.fromkeys(variable for variable in wanted if variable is not None))


class ResultMaker:
    """Makes the results of one check; what all of them say is worked out once."""

    def __init__(self, check: Check, shapes: ShapesGraph) -> None:
        shape = check.shape
        texts = check.messages or tuple(text for text in shape.all("message") if isinstance(text, Literal))
        self._check = check
        self._path = None if shape.path is None else path_text_of(shape.path)
        self._messages = {text.language: text.value for text in texts}
        self._has_holes = any(map(_HOLE.search, self._messages.values()))
        if not texts:
            self._messages = default_messages(check.component, shape.node, shapes.first_values)

    def result(self, solution: Mapping[Variable, Term]) -> ValidationResult:
        """The validation result of a solution."""
        check = self._check
        has_own_path = check.path is not None and check.path in solution
        return ValidationResult(
            focus_node=solution[check.focus],
            path=str(solution[check.path]) if check.path and has_own_path else self._path,
            value=None if check.value is None else solution.get(check.value),
            component=check.component,
            severity=check.shape.severity,
            source_shape=check.shape.node,
            messages=self._filled(solution) if self._has_holes else self._messages,
        )

    def _filled(self, solution: Mapping[Variable, Term]) -> dict[str, str]:
        known = {variable.name: str(term.value) for variable, term in solution.items()}
        return {
            language: _HOLE.sub(lambda hole: known.get(hole[1], hole[0]), template)
            for language, template in self._messages.items()
        }
