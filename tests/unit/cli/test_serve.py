from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.unit.cli.conftest import Emkg


@contextmanager
def _serving(workspace: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The service's process and its address; the port is one the system had free."""
    command = [sys.executable, "-m", "emkg", "serve", "--port", "0", "--workspace", str(workspace)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ}) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if found := re.search(r"running on (http://\S+)", line):
                    yield process, found[1]
                    break
            else:
                pytest.fail("the service ended before it listened")
        finally:
            process.kill()


def _get(url: str, accept: str = "*/*") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - our own service
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - our own service
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_service_answers_and_stops_when_told_to(ingested_town: Path) -> None:
    query = urllib.parse.quote("SELECT (COUNT(*) AS ?n) { ?e a <https://w3id.org/emkg/ontology#Event> }")

    with _serving(ingested_town) as (process, address):
        ready, docs = _get(f"{address}/readyz"), _get(f"{address}/docs")
        counted = _get(f"{address}/sparql?query={query}", "application/sparql-results+json")
        missing = _get(f"{address}/nothing-here")
        process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        process.wait(timeout=20)

    assert (ready[0], docs[0], counted[0], missing[0]) == (200, 200, 200, 404)
    assert "A Town" in docs[1] or "EMKG" in docs[1]
    assert json.loads(counted[1])["results"]["bindings"][0]["n"]["value"] == "2"
    assert json.loads(missing[1])["status"] == 404
    assert process.returncode in {0, -signal.SIGTERM}
    assert time.monotonic() - started < 10


def test_a_workspace_without_a_ledger_is_not_served(emkg: Emkg, town: Path) -> None:
    ended = emkg("serve", "--port", "0", "--workspace", town)

    assert ended.code == 1
    assert "run `emkg ingest` first" in ended.err
