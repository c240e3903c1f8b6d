"""The fallback evaluator's child process: an in-memory store, requests on stdin, answers on stdout.

Started as a script by `fallback_process`, isolated (`python -I`), with nothing of the parent but the two
pipes; it imports no other module of EMKG, so that it starts in a few hundredths of a second. It may open
no file and no socket (RLIMIT_NOFILE is what it has open when it starts; there is no seccomp filter), use no
more address space than it is given (RLIMIT_AS), and no more processor time than its query may take
(RLIMIT_CPU, so that it ends even when its parent died).

A frame is a JSON header and a body, each behind its length.
"""

from __future__ import annotations

import io
import json
import re
import resource
import struct
import sys
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BASE: Final = "https://w3id.org/emkg/"  # of relative IRIs, where the query says no BASE
_LENGTHS: Final = struct.Struct(">IQ")
_SYNTAX: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_UNKNOWN_FUNCTION: Final = re.compile(r"The custom function (<.*>) is not supported")
_JSON_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_CSV_STRING: Final = re.compile(rb'"(?:[^"]|"")*"')


class TooLargeError(Exception):
    """The result has more rows or bytes than it may have."""


def write_frame(output: IO[bytes], header: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush."""
    head = json.dumps(header).encode()
    output.write(_LENGTHS.pack(len(head), len(body)))
    output.write(head)
    output.write(body)
    output.flush()


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read one frame.

    Raises:
        EOFError: The other side is gone.
    """
    head, body = _LENGTHS.unpack(_read(source, _LENGTHS.size))
    return json.loads(_read(source, head)), _read(source, body)


def _read(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


class _Chunks(io.RawIOBase):
    """The bodies of the frames up to the empty one, as one stream, so that blank nodes keep their labels' scope."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._chunk = io.BytesIO()
        self._is_done = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._chunk.read(size)
        if not data and not self._is_done:
            self._chunk = io.BytesIO(read_frame(self._source)[1])
            data = self._chunk.read(size)
            self._is_done = not data
        return data

    def drain(self) -> None:
        """Take what the loader left."""
        while not self._is_done:
            self._is_done = not read_frame(self._source)[1]


class _Bounded(io.BytesIO):
    """Bytes up to a limit."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__()
        self._left = max_bytes

    def write(self, data: Any) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise TooLargeError
        return super().write(data)


def serve(source: IO[bytes], output: IO[bytes]) -> None:
    """Answer requests until the parent closes the pipe."""
    store = ox.Store()
    while True:
        try:
            header, _ = read_frame(source)
        except EOFError:
            return
        answer, body = _answer(store, header, source)
        write_frame(output, answer, body)


def _answer(store: ox.Store, header: Mapping[str, Any], source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    requests = {"load": _load, "check": _check, "query": _query}
    try:
        return requests[header["request"]](store, header, source)
    except SyntaxError as error:
        return _syntax_error(str(error.msg)), b""
    except TooLargeError:
        return {"error": "too-large"}, b""
    except ValueError as error:  # of a named graph; the query's own IRIs are its syntax
        return {"error": "bad-iri", "message": str(error)}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except Exception as error:  # noqa: BLE001  (whatever it is, the parent must hear of it)
        return _failure(error), b""


def _failure(error: Exception) -> dict[str, Any]:
    if unknown := _UNKNOWN_FUNCTION.fullmatch(str(error)):
        return {"error": "unknown-function", "message": unknown[1]}
    too_large = isinstance(error.__cause__ or error.__context__, TooLargeError)
    return {"error": "too-large" if too_large else "failed", "message": repr(error)}


def _syntax_error(message: str) -> dict[str, Any]:
    match = _SYNTAX.fullmatch(message)
    if not match:
        return {"error": "syntax", "message": message, "line": None, "column": None}
    return {"error": "syntax", "message": match[3], "line": int(match[1]), "column": int(match[2])}


def _load(store: ox.Store, _: Mapping[str, Any], source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    chunks = _Chunks(source)
    try:
        store.bulk_load(cast("IO[bytes]", chunks), ox.RdfFormat.N_QUADS, lenient=True)
    finally:
        chunks.drain()
    return {"quads": len(store)}, b""


def _check(_: ox.Store, header: Mapping[str, Any], __: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    ox.Store().query(header["text"], base_iri=BASE)
    return {}, b""


def _query(store: ox.Store, header: Mapping[str, Any], _: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    limit_processor_time(header["timeout_s"])
    dataset: dict[str, Any] = {}
    if (
        header["named_graphs"] is not None
    ):  # the default graph was merged when it was loaded; FROM is overridden
        dataset["default_graph"] = [ox.DefaultGraph()]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in header["named_graphs"]]
    result = store.query(header["text"], base_iri=BASE, **dataset)
    output = _Bounded(header["max_bytes"])
    if isinstance(result, ox.QueryTriples):
        rows = _write_graph(result, output, header)
    else:
        media_type = header["format"]
        result.serialize(output, ox.QueryResultsFormat.from_media_type(media_type))
        rows = 1 if isinstance(result, ox.QueryBoolean) else _ROWS[media_type](output.getvalue())
    if rows > header["max_rows"]:
        raise TooLargeError
    return {"rows": rows}, output.getvalue()


def _write_graph(triples: Iterator[ox.Triple], output: _Bounded, header: Mapping[str, Any]) -> int:
    graph: set[ox.Triple] = set()
    for triple in triples:
        graph.add(triple)
        if len(graph) > header["max_rows"]:
            raise TooLargeError
    media_format = ox.RdfFormat.from_media_type(header["format"])
    ox.serialize(sorted(graph, key=str), output, media_format, prefixes=_used(header["prefixes"], graph))
    return len(graph)


def _used(prefixes: Mapping[str, str], graph: set[ox.Triple]) -> dict[str, str]:
    text = "\n".join(map(str, graph))
    return {prefix: namespace for prefix, namespace in prefixes.items() if f"<{namespace}" in text}


def _json_rows(content: bytes) -> int:
    structure = _JSON_STRING.sub(b"", content)  # [{:{…},:{…}},{…}]: only a row's brace follows [ or ,
    return structure.count(b",{") + structure.count(b"[{")


_ROWS: Final[dict[str, Callable[[bytes], int]]] = {
    "application/sparql-results+json": _json_rows,
    "application/sparql-results+xml": lambda content: content.count(b"<result>"),
    "text/csv": lambda content: _CSV_STRING.sub(b"", content).count(b"\n") - 1,
    "text/tab-separated-values": lambda content: content.count(b"\n") - 1,
}


def limit_processor_time(seconds: float) -> None:
    """From now on, use no more processor time than this (and a second); the kernel ends the process then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def limit_resources(memory_bytes: int) -> None:
    """Bound the address space, and open no further file or socket from now on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


if __name__ == "__main__":
    ox.Store().query("ASK {}")
    limit_resources(int(sys.argv[1]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
