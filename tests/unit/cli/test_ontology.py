from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from emkg.cli.ontology import ontology_command
from emkg.ontology import read_ontology

if TYPE_CHECKING:
    from pathlib import Path

needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")


def _run(*arguments: str, language: str = "en") -> Result:
    return CliRunner().invoke(ontology_command, arguments, env={"EMKG_LANG": language})


@needs_java
@pytest.mark.parametrize(("language", "word"), [("en", "coherent: yes"), ("zh", "协调 是")])
def test_check_ends_with_the_totals(language: str, word: str) -> None:
    result = _run("check", language=language)

    assert result.exit_code == 0
    assert word in result.stdout.splitlines()[-1]


def test_check_asks_every_competency_question(checkout: Path) -> None:
    result = _run("check", "--timeout", "0.01", "--competency", "--json")

    answers = json.loads(result.stdout)["competency"]
    files = (checkout / "ontology" / "competency").glob("*.rq")
    assert {each["question"] for each in answers} == {file.stem for file in files}
    assert all(each["expected"] == (not each["missing"] and not each["unexpected"]) for each in answers)


def test_check_ends_with_1_where_a_module_is_wrong(checkout: Path, tmp_path: Path) -> None:
    module = tmp_path / "core.ttl"
    text = (checkout / "ontology" / "core.ttl").read_text(encoding="utf-8")
    module.write_text(text.replace("rdfs:range em:Grade ;", "rdfs:range em:Grad ;", 1), encoding="utf-8")

    result = _run("check", "--timeout", "0.01", str(module))

    assert result.exit_code == 1
    assert "core.ttl:" in result.stdout
    assert "em:Grad is used and not declared; did you mean em:Grade" in result.stdout
    assert "not judged" in result.stdout


def test_diff_says_what_changed_in_the_readers_language(checkout: Path, tmp_path: Path) -> None:
    old = checkout / "ontology" / "organisations.ttl"
    new = tmp_path / "organisations.ttl"
    new.write_text(old.read_text(encoding="utf-8").replace('"Portfolio"@en', '"Remit"@en'), encoding="utf-8")

    lines = _run("diff", str(old), str(new)).stdout.splitlines()

    assert lines == [
        "changed em:Portfolio rdfs:label",
        '  - "Portfolio"@en',
        '  + "Remit"@en',
        "0 added, 0 removed, 1 changed, 0 deprecated",
    ]
    assert _run("diff", str(old), str(new), language="zh").stdout.startswith("修改 em:Portfolio")


def test_diff_as_json_compares_folders(checkout: Path) -> None:
    folder = str(checkout / "ontology")

    document = json.loads(_run("diff", folder, folder, "--json").stdout)

    assert document == {"added": [], "removed": [], "changed": [], "deprecated": []}


@pytest.mark.parametrize(
    ("form", "extension"), [("turtle", "ttl"), ("rdfxml", "rdf"), ("jsonld", "jsonld"), ("ntriples", "nt")]
)
def test_export_in_any_format_says_the_same(
    checkout: Path, tmp_path: Path, form: str, extension: str
) -> None:
    output = tmp_path / f"emkg.{extension}"

    result = _run("export", "--format", form, "-o", str(output))

    assert result.exit_code == 0
    exported = read_ontology([output])
    modules = read_ontology(sorted((checkout / "ontology").glob("*.ttl")))
    assert exported.terms.keys() == modules.terms.keys()


def test_turtle_to_standard_output_begins_with_sorted_prefixes() -> None:
    lines = _run("export").stdout.splitlines()

    prefixes = [line for line in lines if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert lines[: len(prefixes)] == prefixes
    assert not any(line.startswith("@prefix rml:") for line in prefixes)
