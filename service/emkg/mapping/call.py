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

    from emkg.mapping.function.definition import Function, Output, Parameter
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
    _output(call, function)
    return function


def parameter_iris(function: Function) -> tuple[str, ...]:
    """Every IRI by which a mapping may name one of the function's parameters."""
    return tuple(iri for parameter in function.parameters for iri in parameter.iris)


def natural_datatype(expression: Expression) -> str | None:
    """The datatype that a literal has by itself when it is made of a function's output; None for texts.

    A function that is not known has none; `find_function` says so when the call is compiled.
    """
    function = known_functions().get(expression.function) if isinstance(expression, FunctionCall) else None
    if function is None or not isinstance(expression, FunctionCall):
        return None
    named = [one for one in function.outputs if one.iri == expression.output] or function.outputs
    return None if named[0].datatype == XSD + "string" else named[0].datatype


def _output(call: FunctionCall, function: Function) -> Output:
    by_iri = {one.iri: one for one in function.outputs}
    if call.output is None:
        return function.outputs[0]
    if call.output not in by_iri:
        what = f"output of {_short(call.function)}"
        raise unknown_name(call.location, what, "输出", _short(call.output), map(_short, by_iri))
    return by_iri[call.output]


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
