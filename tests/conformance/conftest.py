"""The official RML cases of core, functions, collections and views, found in the folder of shared data when tests are collected."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.rdf import IRI, Literal, parse_file

if TYPE_CHECKING:
    from collections.abc import Generator

TEST = "http://w3id.org/rml/test/"
TABULAR = "rml-core-tabular"
MODULES = ("rml-core", "rml-fnml", "rml-cc", "rml-lv")  # each with a manifest
ERROR_MARK = "**Error expected?** Yes"

# Cases that EMKG does not pass, each with its reason.
KNOWN = {
    "RMLTC0024f-CSV": "the mapping is no Turtle (the escape \\a), so no reader of Turtle can give the expected triple",
    "RMLTC0027b-JSON": "the expected output holds an IRI with a space, which N-Quads does not allow; EMKG quarantines it",
}
BASE = "http://example.com/base/"  # as the outputs of the suites show whose manifest says none
# Cases whose data EMKG quarantines beyond what RML asks for: they pass without --strict, which would stop there.
_EMPTY_KEY = "a row with values and an empty key is reported, where RML drops it in silence"
LENIENT = {"RMLTC0013a-JSON": _EMPTY_KEY, "RMLLVTC0010d": _EMPTY_KEY}


@dataclass(frozen=True)
class RmlCase:
    """One case: its folder, whether it must end with an error, and its base IRI."""

    name: str
    suite: str
    folder: Path
    must_fail: bool
    base: str

    @property
    def is_strict(self) -> bool:
        return self.name not in LENIENT


def tabular_cases(suites: Path) -> list[RmlCase]:
    """The CSV and XML cases; only their README says which must fail."""
    return [
        RmlCase(
            folder.name,
            TABULAR,
            folder,
            _says_error(folder),
            BASE,
        )
        for folder in sorted((suites / TABULAR).iterdir())
    ]


def _says_error(folder: Path) -> bool:
    return ERROR_MARK in (folder / "README.md").read_text(encoding="utf-8")


def module_cases(suites: Path, suite: str) -> list[RmlCase]:
    """The cases of a module's manifest that have a folder."""
    root = suites / suite / "test-cases"
    values: dict[tuple[str, str], str] = {}
    for quad in parse_file(root / "manifest.ttl"):
        if isinstance(quad.subject, IRI) and isinstance(quad.object, IRI | Literal):
            values[quad.subject.value, quad.predicate.value] = quad.object.value
    names = {
        subject: name
        for (subject, predicate), name in values.items()
        if predicate.endswith("/terms/identifier")
    }
    return [
        RmlCase(
            name,
            suite,
            root / name,
            values[subject, TEST + "hasError"] == "true" or _says_error(root / name),
            values.get((subject, TEST + "defaultBaseIRI"), BASE),
        )
        for subject, name in sorted(names.items(), key=lambda item: item[1])
        if (root / name).is_dir()
    ]


def find_cases(root: Path) -> list[RmlCase]:
    """Every case of these suites; none where the shared data is absent."""
    named = os.environ.get("SHARED_DIR")
    suites = (Path(named) if named else root.parent / "shared") / "suites"
    if not suites.is_dir():
        return []
    return [*tabular_cases(suites), *(case for suite in MODULES for case in module_cases(suites, suite))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "rml_case" not in metafunc.fixturenames:
        return
    parameters = [
        pytest.param(case, id=case.name, marks=_marks(case)) for case in find_cases(metafunc.config.rootpath)
    ]
    metafunc.parametrize("rml_case", parameters or [pytest.param(None, id="absent")])


def _marks(case: RmlCase) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=KNOWN[case.name], strict=True)] if case.name in KNOWN else []


@pytest.fixture(scope="session")
def rml_cases(shared_dir: Path, checkout: Path) -> list[RmlCase]:
    """All cases, for statements about the whole."""
    assert shared_dir.is_dir()
    return find_cases(checkout)


@pytest.fixture(scope="session")
def rml_exceptions() -> dict[str, str]:
    """Reason by case, of those that are not passed."""
    return KNOWN


EARL_REPORT = "EARL_REPORT"  # the environment variable that names the report's file
EARL_PREFIXES = (
    "@prefix earl: <http://www.w3.org/ns/earl#> .\n@prefix doap: <http://usefulinc.com/ns/doap#> .\n\n"
    '<https://w3id.org/emkg> a doap:Project, earl:TestSubject, earl:Assertor ; doap:name "EMKG" .\n'
)
CASE = re.compile(r"\[(RML[A-Z]*TC[-0-9A-Za-z]+)\]$")
OUTCOMES = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep each RML case's outcome: an expected failure is a failure, a case that was not run is untested."""
    report = yield
    case = CASE.search(item.nodeid)
    if case is not None and (call.when == "call" or report.skipped):
        outcome = "failed" if hasattr(report, "wasxfail") else report.outcome.replace("skipped", "untested")
        item.config.stash[OUTCOMES][case.group(1)] = outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    path = os.environ.get(EARL_REPORT)
    if path is not None:
        Path(path).write_text(_earl(session.config.stash[OUTCOMES], session.config.rootpath), "utf-8")


def _earl(outcomes: dict[str, str], root: Path) -> str:
    names = _case_iris(root)
    return EARL_PREFIXES + "".join(
        f"\n[] a earl:Assertion ; earl:assertedBy <https://w3id.org/emkg> ; earl:subject <https://w3id.org/emkg> ;\n"
        f"  earl:test <{names.get(name, f'http://w3id.org/rml/core/test/{name}')}> ; earl:mode earl:automatic ;\n"
        f"  earl:result [ a earl:TestResult ; earl:outcome earl:{outcome} ] .\n"
        for name, outcome in sorted(outcomes.items())
    )


def _case_iris(root: Path) -> dict[str, str]:
    """The IRI of each case that a manifest has; those of rml-core-tabular have none and are named as core's are."""
    named = os.environ.get("SHARED_DIR")
    manifests = (Path(named) if named else root.parent / "shared").glob(
        "suites/rml-*/test-cases/manifest.ttl"
    )
    return {
        quad.object.value: quad.subject.value
        for manifest in manifests
        for quad in parse_file(manifest)
        if quad.predicate.value.endswith("/terms/identifier") and isinstance(quad.subject, IRI)
    }
