from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from emkg.ledger import Ledger
    from emkg.ledger.binding import Parameter

VALUES: list[Parameter] = [
    None, True, False, 0, -7, 2**63, 2**64 - 1, 1.5, "", "it's", "''; DROP TABLE term; --", "\\n$1?", "霾\n", "nul\x00l", b"\x00'", Decimal("1.50"),
    datetime(2026, 11, 27, 1, 2, 3, 45),  # noqa: DTZ001 - as the ledger keeps instants
    ["a'b", "$g"], [1, 2**64 - 1],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_parameter_arrives_as_it_is(ledger: Ledger, value: Parameter) -> None:
    assert ledger.rows("SELECT ?", [value]) == [(value,)]
    assert ledger.rows("SELECT $g, 'a?$g'", {"g": value}) == [(value, "a?$g")]
    assert ledger.rows(
        "SELECT count(*) > 0 FROM information_schema.tables WHERE table_name = ?", ["term"]
    ) == [(True,)]


def test_a_definition_takes_parameters_too(ledger: Ledger) -> None:
    with ledger.workbench() as bench:
        assert bench.create("chosen", "SELECT ?::VARCHAR AS text", ["it's"]) == 1
        assert bench.select("SELECT text FROM chosen").read_all().column("text").to_pylist() == ["it's"]
