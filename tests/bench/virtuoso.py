"""Virtuoso Open Source, as Debian packages it: a server of its own in a folder, on 127.0.0.1, asked over HTTP."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from emkg.rdf import IRI, BlankNode, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVER: Final = "virtuoso-t"
_CLIENT: Final = "isql-vt"
_HOST: Final = "127.0.0.1"
_GRAPH: Final = "http://example.org/bench/graph"
_START_S: Final = 60.0
_MOST_S: Final = 600.0
# 85,000 buffers are what its documentation gives for a gigabyte; answers would end at 10,000 rows
_SETTINGS: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
TransactionFile = {folder}/virtuoso.trx
ErrorLogFile = {folder}/virtuoso.log
xa_persistent_file = {folder}/virtuoso.pxa
LockFile = {folder}/virtuoso.lck
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = {sql}
ServerThreads = 4
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
CheckpointInterval = 0
DirsAllowed = {data}
[HTTPServer]
ServerPort = {http}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 10000000
DefaultGraph = {graph}
"""


def is_installed() -> bool:
    """Whether server and client are there."""
    return all(map(shutil.which, (SERVER, _CLIENT)))


@contextmanager
def virtuoso(data: Path, folder: Path) -> Iterator[Callable[[str], list[tuple[str, ...]]]]:
    """What answers a SELECT by solutions in N-Triples form, over an N-Triples file loaded into a new database."""
    folder.mkdir()
    sql, http = (f"{_HOST}:{_free_port()}" for _ in range(2))
    settings = folder / "virtuoso.ini"
    settings.write_text(
        _SETTINGS.format(
            folder=folder.resolve(), data=data.resolve().parent, sql=sql, http=http, graph=_GRAPH
        ),
        encoding="utf-8",
    )
    server = subprocess.Popen(
        [SERVER, "+foreground", "+configfile", str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(server, http)
        load = f"ld_dir('{data.resolve().parent}', '{data.name}', '{_GRAPH}'); rdf_loader_run(); checkpoint;"
        command = [_CLIENT, sql, "dba", "dba", f"exec={load}"]
        subprocess.run(command, check=True, capture_output=True, timeout=_MOST_S)
        yield lambda text: _solutions(http, text)
    finally:
        server.terminate()
        server.wait(_START_S)


def _solutions(http: str, text: str) -> list[tuple[str, ...]]:
    form = {"query": text, "format": "application/sparql-results+json", "default-graph-uri": _GRAPH}
    with urlopen(f"http://{http}/sparql", urlencode(form).encode(), timeout=_MOST_S) as answer:
        found = json.load(answer)
    names = found["head"]["vars"]
    return [
        tuple(str(_term(row[name])) if name in row else "None" for name in names)
        for row in found["results"]["bindings"]
    ]


def _term(told: dict[str, Any]) -> IRI | BlankNode | Literal:
    value = told["value"]
    if told["type"] == "uri":
        return IRI(value)
    if told["type"] == "bnode":
        return BlankNode(value)
    if "xml:lang" in told:
        return Literal(value, language=told["xml:lang"])
    return Literal(value, told["datatype"]) if "datatype" in told else Literal(value)


def _wait(server: subprocess.Popen[bytes], http: str) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            _solutions(http, "SELECT ?s { ?s ?p ?o } LIMIT 1")
        except (URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{SERVER} did not start")


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as server:
        return int(server.getsockname()[1])
