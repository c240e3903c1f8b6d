"""Functions of integrators: Python objects that a package offers under the entry point group `emkg.functions`.

An entry point names a `Function`, or several of them in a sequence:

    [project.entry-points."emkg.functions"]
    city = "city_functions:FUNCTIONS"
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from emkg.errors import SettingsError
from emkg.mapping.function.definition import Function
from emkg.mapping.function.table import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

GROUP: Final = "emkg.functions"


@cache
def known_functions() -> Mapping[str, Function]:
    """Every function that a mapping may call, by IRI: EMKG's own and those of installed packages.

    Raises:
        SettingsError: An entry point cannot be loaded, gives no function, or one whose IRI is taken.
    """
    functions = dict(FUNCTIONS)
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        for function in _loaded(entry):
            if function.iri in functions:
                raise _fault(
                    entry, f"<{function.iri}> is a function already", f"函数 <{function.iri}> 已存在"
                )
            functions[function.iri] = function
    return MappingProxyType(functions)


def function_packages() -> tuple[str, ...]:
    """The installed packages that offer functions, with their versions."""
    found = {entry.dist for entry in entry_points(group=GROUP) if entry.dist is not None}
    return tuple(sorted(f"{one.metadata['Name']} {one.version}" for one in found))


def _loaded(entry: EntryPoint) -> Sequence[Function]:
    try:
        found = entry.load()
    except Exception as error:  # what a package of somebody else raises when it is imported
        raise _fault(entry, f"it cannot be loaded: {error}", f"无法加载：{error}") from error
    functions = (found,) if isinstance(found, Function) else found
    if not isinstance(functions, Sequence) or not all(isinstance(one, Function) for one in functions):
        message = "it is neither an emkg.mapping.Function nor a sequence of them"
        raise _fault(entry, message, "它既不是 emkg.mapping.Function，也不是其序列")
    return functions


def _fault(entry: EntryPoint, message: str, message_zh: str) -> SettingsError:
    place = f"entry point {entry.name} = {entry.value!r} of {GROUP}"
    return SettingsError(f"{place}: {message}", message_zh=f"{place}：{message_zh}")
