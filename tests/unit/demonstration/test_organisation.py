"""The register says what the guide says of it, counted here without any query."""

from __future__ import annotations

from itertools import combinations

import pytest

from emkg.demonstration.organisation import LINKS, MEMBERSHIPS, PORTFOLIOS, SYSTEMS, Table

HAZE = ("c-eco", "c-met", "c-health", "c-edu", "c-eit", "c-police")


def _on(table: Table, day: str) -> list[tuple[str, ...]]:
    """The rows in being on a day; start and exclusive end are the last two columns."""
    return [row for row in table[1:] if row[-2] <= day and (not row[-1] or day < row[-1])]


def _form(one: str, other: str, day: str) -> str:
    bodies = {body: {row[1] for row in _on(MEMBERSHIPS, day) if row[2] == body} for body in (one, other)}
    operator = {row[0]: row[3] for row in SYSTEMS[1:]}
    ends = [{operator[row[1]], operator[row[2]]} for row in _on(LINKS, day)]
    joined, linked = bool(bodies[one] & bodies[other]), {one, other} in ends
    return {(False, False): "I", (True, False): "II", (False, True): "III", (True, True): "IV"}[
        joined, linked
    ]


def test_all_four_forms_occur_among_the_haze_departments() -> None:
    forms = {pair: _form(*pair, "2026-11-16") for pair in combinations(HAZE, 2)}

    assert set(forms.values()) == {"I", "II", "III", "IV"}


@pytest.mark.parametrize(
    ("one", "other", "in_november", "in_december"),
    [
        ("c-edu", "c-police", "I", "I"),
        ("c-health", "c-eit", "I", "I"),
        ("c-eco", "c-eit", "II", "IV"),
        ("c-health", "c-edu", "II", "II"),
        ("c-eco", "c-edu", "I", "II"),
        ("c-met", "c-health", "III", "III"),
        ("c-eco", "c-health", "III", "III"),
        ("c-met", "c-police", "III", "I"),
        ("c-eco", "c-met", "IV", "IV"),
    ],
)
def test_a_pair_has_the_form_that_the_guide_names(
    one: str, other: str, in_november: str, in_december: str
) -> None:
    assert _form(one, other, "2026-11-16") == in_november
    assert _form(one, other, "2026-12-01") == in_december


def test_no_deputy_leads_all_haze_departments() -> None:
    posts = {row[2]: row[1] for row in _on(PORTFOLIOS, "2026-11-16")}

    assert posts["c-eco"] == posts["c-met"]
    assert posts["c-health"] == posts["c-edu"]
    assert len({posts[body] for body in HAZE}) == 4


def test_a_body_is_in_one_portfolio_at_a_time() -> None:
    for day in ("2023-01-01", "2025-01-01", "2026-11-16"):
        bodies = [row[2] for row in _on(PORTFOLIOS, day)]
        assert len(set(bodies)) == len(bodies)
