"""A function call checked against the function's parameters, so that a slip is an error of the mapping's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import MappingError
from emkg.mapping.fault import unknown_name
from emkg.mapping.function.definition import Constants
from emkg.mapping.function.table import FUNCTIONS
from emkg.mapping.model import Constant
from emkg.vocabulary import FUNCTION

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.function.definition import Function, Parameter
    from emkg.mapping.model import Expression, FunctionCall


def find_function(call: FunctionCall) -> Function:
    """The function that is called, all its parameters known and the required ones given.

    Raises:
        MappingError: At the call's line.
    """
    function = FUNCTIONS.get(call.function)
    if function is None:
        raise unknown_name(call.location, "function", "函数", _short(call.function), map(_short, FUNCTIONS))
    known = {FUNCTION + parameter.name: parameter for parameter in function.parameters}
    for name, _ in call.arguments:
        if name not in known:
            raise unknown_name(
                call.location, f"parameter of emf:{function.name}", "参数", _short(name), map(_short, known)
            )
    for name, parameter in known.items():
        _check_count(call, parameter, sum(given == name for given, _ in call.arguments))
    return function


def _check_count(call: FunctionCall, parameter: Parameter, count: int) -> None:
    if count == 0 and parameter.is_required:
        raise MappingError(
            f"{_short(call.function)} needs emf:{parameter.name}: {parameter.summary}",
            message_zh=f"{_short(call.function)} 缺少参数 emf:{parameter.name}：{parameter.summary_zh}",
            location=call.location,
        )
    if count > 1:
        raise MappingError(
            f"{_short(call.function)} takes emf:{parameter.name} once, not {count} times",
            message_zh=f"{_short(call.function)} 的参数 emf:{parameter.name} 只能出现一次",
            location=call.location,
        )


def constant_arguments(call: FunctionCall, function: Function, directory: Path) -> Constants:
    """The arguments that are the same for every row.

    Raises:
        MappingError: One of them is not constant.
    """
    values = {}
    for parameter in function.parameters:
        for argument in _arguments(call, parameter):
            if not parameter.is_constant:
                continue
            if not isinstance(argument, Constant):
                raise MappingError(
                    f"emf:{parameter.name} of {_short(call.function)} must be a constant",
                    message_zh=f"{_short(call.function)} 的参数 emf:{parameter.name} 必须是常量",
                    location=call.location,
                )
            values[parameter.name] = argument.term.value
    return Constants(values, directory, call.location)


def row_arguments(call: FunctionCall, function: Function) -> list[Expression]:
    """The arguments that change from row to row, in the order of the function's parameters."""
    return [
        argument
        for parameter in function.parameters
        if not parameter.is_constant
        for argument in _arguments(call, parameter)
    ]


def _arguments(call: FunctionCall, parameter: Parameter) -> list[Expression]:
    return [argument for name, argument in call.arguments if name == FUNCTION + parameter.name]


def _short(iri: str) -> str:
    return f"emf:{iri.removeprefix(FUNCTION)}" if iri.startswith(FUNCTION) else iri
