"""What the plan's own writer of SQL writes is what sqlglot writes for DuckDB, and no warning with it."""

from __future__ import annotations

import pytest
import sqlglot

from emkg.plan.sql.text import sql_text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT TRY(a + b) FROM t",
        "SELECT TRY_CAST(a AS DOUBLE), CAST(a AS DECIMAL(38, 10)), a::HUGEINT, CAST(a AS UBIGINT) FROM t",
        "SELECT CAST(a AS TIMESTAMP), CAST(a AS TIMESTAMPTZ), CAST(a AS DATE), CAST(a AS TIME) FROM t",
        "SELECT CAST(a AS TEXT[]), CAST(a AS STRUCT(x INT, y TEXT)), CAST(a AS BLOB), CAST(a AS BOOLEAN) FROM t",
        "WITH w AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM w SEMI JOIN v USING (x) ORDER BY x NULLS FIRST",
        """SELECT DISTINCT "a""b" AS "c", t.d AS e, 'it''s' FROM t CROSS JOIN u LEFT JOIN v ON t.x = v.x
          WHERE a IN (1, 2) GROUP BY a HAVING count(*) > 1 ORDER BY a DESC LIMIT 3 OFFSET 4""",
        "SELECT DISTINCT ON (a) a, * EXCLUDE (b) FROM (SELECT 1 AS a) AS t(x) QUALIFY row_number() OVER () = 1",
        "SELECT db.t.a, (a) FROM db.t TABLESAMPLE 10% UNION ALL SELECT 1, 2 ORDER BY 1",
        "WITH RECURSIVE w AS (SELECT 1 AS x UNION SELECT x + 1 FROM w) (SELECT x FROM w) EXCEPT SELECT 2",
        "SELECT regexp_full_match(a, 'x'), list_transform(a, lambda x: x + 1) FROM t",
    ],
)
def test_the_text_is_that_of_duckdbs_dialect(text: str, caplog: pytest.LogCaptureFixture) -> None:
    tree = sqlglot.parse_one(text, dialect="duckdb")
    expected = tree.sql(dialect="duckdb")
    caplog.clear()
    assert sql_text(tree) == expected
    assert not caplog.records
