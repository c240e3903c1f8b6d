"""A command imports what it needs and no more: start-up is what a user waits for most often."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """\
prefixes: {ex: "http://example.org/"}
mappings:
  thing:
    sources: [[things.csv~csv]]
    s: ex:thing/$(id)
    po: [[a, ex:Thing]]
"""
SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; sh:property [ sh:path <http://e/p> ; sh:maxCount 1 ; sh:maxLength 0 ] .
"""
CALL = "import sys\nfrom emkg.cli.main import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(*sys.modules)"


def _imported(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", CALL, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_a_mapping_run_needs_neither_shacl_nor_reasoning_nor_the_service(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_text("id\n1\n", "utf-8")
    (tmp_path / "things.yml").write_text(MAPPING, "utf-8")

    modules = _imported("map", "run", str(tmp_path / "things.yml"), "-o", str(tmp_path / "out.nq"))

    assert (tmp_path / "out.nq").read_text("utf-8")
    assert not {"pyshacl", "rdflib", "fastapi", "owlready2", "emkg.reasoning"} & modules


def test_no_command_on_a_ledger_imports_pandas(tmp_path: Path) -> None:
    """pyarrow and DuckDB import it for conveniences that are not used here, and it takes longer than a small command."""
    (tmp_path / "things.nt").write_text('<http://e/a> <http://e/p> "1" .\n', "utf-8")
    (tmp_path / "change.ru").write_text("INSERT DATA { <http://e/a> <http://e/p> 2 }", "utf-8")
    (tmp_path / "all.rq").write_text(
        "SELECT * { { ?s ?p ?o OPTIONAL { ?s <http://e/q> ?q } } UNION { BIND(7 AS ?o) } }", "utf-8"
    )
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "city/data").mkdir(parents=True)
    (tmp_path / "city/mappings/d").mkdir(parents=True)
    (tmp_path / "city/data/things.csv").write_text("id\n1\n", "utf-8")
    (tmp_path / "city/mappings/d/things.yml").write_text(MAPPING, "utf-8")
    here, shapes = ("--workspace", str(tmp_path / "city")), ("--shapes", str(tmp_path / "shapes.ttl"))
    things = str(tmp_path / "things.nt")
    for arguments in (
        ("init", str(tmp_path / "city")),
        ("ingest", *here),
        ("load", things, "--graph", "http://e/g", *here),
        ("update", str(tmp_path / "change.ru"), *here),
        ("query", str(tmp_path / "all.rq"), *here),
        ("validate", "--data", things, *shapes),
        ("validate", *shapes, *here),
    ):
        modules = _imported(*arguments)
        assert "pandas" not in modules, arguments
        assert "duckdb" in modules or arguments[0] == "init"


@pytest.mark.parametrize("arguments", [("--help",), ("map", "--help"), ("--version",)])
def test_help_imports_no_engine(arguments: tuple[str, ...]) -> None:
    assert not {"duckdb", "ibis", "pyarrow", "rdflib", "pyoxigraph", "emkg.pipeline"} & _imported(*arguments)


@pytest.mark.parametrize("package", ["emkg", "emkg.ledger", "emkg.plan", "emkg.validation"])
def test_no_lazy_name_is_also_a_module_of_its_package(package: str) -> None:
    """Importing the module would put it in the place of what the name stands for."""
    found = import_module(package)
    modules = {module.name for module in iter_modules(found.__path__)}
    assert modules.isdisjoint(found.__all__)
