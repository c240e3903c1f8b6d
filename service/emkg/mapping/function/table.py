"""Every mapping function, by IRI, and the translation of codes, which reads a file of the mapping's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis

from emkg.mapping.crosswalk import read_crosswalk
from emkg.mapping.function.code import CODE_FUNCTIONS
from emkg.mapping.function.date import DATE_FUNCTIONS
from emkg.mapping.function.definition import Body, Check, Constants, Function, Parameter
from emkg.mapping.function.feed import FEED_FUNCTIONS
from emkg.mapping.function.geo import GEO_FUNCTIONS
from emkg.mapping.function.grel import GREL_FUNCTIONS
from emkg.mapping.function.privacy import PRIVACY_FUNCTIONS
from emkg.mapping.function.text import TEXT_FUNCTIONS, VALUE
from emkg.mapping.function.truth import TRUTH_FUNCTIONS
from emkg.mapping.function.unit import UNIT_FUNCTIONS

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _translate(constants: Constants) -> Body:
    name = constants.get("crosswalk")
    table = read_crosswalk(constants.directory / name, constants.location)
    targets = ibis.map(
        ibis.literal(list(table), type="array<string>"),
        ibis.literal(list(table.values()), type="array<string>"),
    )

    def target(value: ir.StringValue) -> ir.StringValue:
        return targets.get(value)

    return Body(
        target,
        (Check(0, "unknown-code", Path(name).name, lambda value: value.notnull() & target(value).isnull()),),
    )


FUNCTIONS: Final = {
    function.iri: function
    for function in (
        *TEXT_FUNCTIONS,
        *DATE_FUNCTIONS,
        *FEED_FUNCTIONS,
        *GEO_FUNCTIONS,
        *CODE_FUNCTIONS,
        *UNIT_FUNCTIONS,
        *PRIVACY_FUNCTIONS,
        *TRUTH_FUNCTIONS,
        *GREL_FUNCTIONS,
        Function(
            "translate",
            (
                VALUE,
                Parameter(
                    "crosswalk",
                    "an SSSOM TSV file, relative to the mapping",
                    "SSSOM TSV 对照表，相对于映射文件的路径",
                    is_constant=True,
                ),
            ),
            "The IRI that a crosswalk gives for a code; a code it does not know is quarantined.",
            "按对照表把代码换成 IRI；对照表没有的代码进入隔离区。",
            _translate,
        ),
    )
}
