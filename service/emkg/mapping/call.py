"""A function call checked against the function's parameters, so that a slip is an error of the mapping's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emkg.errors import MappingError
from emkg.mapping.fault import unknown_name
from emkg.mapping.function.definition import Constants
from emkg.mapping.function.plugin import known_functions
from emkg.mapping.model import Constant, FunctionCall
from emkg.vocabulary import FUNCTION, XSD

if TYPE_CHECKING:
    from pathlib import Path

    from emkg.mapping.function.definition import Function, Parameter
    from emkg.mapping.model import Expression


def find_function(call: FunctionCall) -> Function:
    """The function that is called, all its parameters and its output known and the required parameters given.

    Raises:
        MappingError: At the call's line.
    """
    functions = known_functions()
    function = functions.get(call.function)
    if function is None:
        raise unknown_name(call.location, "function", "函数", _short(call.function), map(_short, functions))
    known = parameter_iris(function)
    for name, _ in call.arguments:
        if name not in known:
            what = f"parameter of {_short(call.function)}"
            raise unknown_name(call.location, what, "参数", _short(name), map(_short, known))
    for parameter in function.parameters:
        _check_count(call, parameter, len(_arguments(call, parameter)))
    _check_output(call, function)
    return function


def parameter_iris(function: Function) -> tuple[str, ...]:
    """Every IRI by which a mapping may name one of the function's parameters."""
    return tuple(iri for parameter in function.parameters for iri in parameter.iris)


def natural_datatype(expression: Expression) -> str | None:
    """The datatype that a literal has by itself when it is made of a function's output; None for texts.

    A function that is not known has none; `find_function` says so when the call is compiled.
    """
    if not isinstance(expression, FunctionCall):
        return None
    function = known_functions().get(expression.function)
    outputs = function.outputs if function else ()
    stated = [one for one in outputs if expression.output in (None, one.iri)]
    return stated[0].datatype if stated and stated[0].datatype != XSD + "string" else None


def _check_output(call: FunctionCall, function: Function) -> None:
    known = [one.iri for one in function.outputs]
    if call.output is not None and call.output not in known:
        what = f"output of {_short(call.function)}"
        raise unknown_name(call.location, what, "输出", _short(call.output), map(_short, known))


def _check_count(call: FunctionCall, parameter: Parameter, count: int) -> None:
    name = _short(parameter.iris[0])
    if count == 0 and parameter.is_required:
        raise MappingError(
            f"{_short(call.function)} needs {name}: {parameter.summary}",
            message_zh=f"{_short(call.function)} 缺少参数 {name}：{parameter.summary_zh}",
            location=call.location,
        )
    if count > 1:
        raise MappingError(
            f"{_short(call.function)} takes {name} once, not {count} times",
            message_zh=f"{_short(call.function)} 的参数 {name} 只能出现一次",
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
                    f"{_short(parameter.iris[0])} of {_short(call.function)} must be a constant",
                    message_zh=f"{_short(call.function)} 的参数 {_short(parameter.iris[0])} 必须是常量",
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
    return [argument for name, argument in call.arguments if name in parameter.iris]


def _short(iri: str) -> str:
    return f"emf:{iri.removeprefix(FUNCTION)}" if iri.startswith(FUNCTION) else iri
