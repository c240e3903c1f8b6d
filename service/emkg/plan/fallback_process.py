"""One child process of the fallback evaluator, with a deadline on everything that is asked of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emkg.errors import (
    InputError,
    Location,
    MemoryLimitError,
    QueryRefusedError,
    QuerySyntaxError,
)
from emkg.plan import fallback_worker
from emkg.plan.sparql_results import too_large

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from emkg.plan.deadline import Deadline

_SCRIPT: Final = str(Path(fallback_worker.__file__))
_INHERITED: Final = (
    "LD_LIBRARY_PATH",
)  # what an interpreter may need to start; nothing that can hold a secret
_OUT_OF_MEMORY: Final = frozenset({-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL, -signal.SIGBUS})


class WorkerProcess:
    """A child process; used by one thread at a time, and not again once `is_reusable` is false."""

    def __init__(self, memory_bytes: int) -> None:
        self._memory_bytes = memory_bytes
        self._has_answered = True
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and script, no shell)
            [sys.executable, "-I", _SCRIPT, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ},
        )

    @property
    def is_reusable(self) -> bool:
        """Whether it is alive and has answered everything that was asked of it."""
        return self._has_answered and self._process.poll() is None

    def close(self) -> None:
        """End it now; what it was doing is lost."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()

    def load(self, chunks: Iterable[memoryview], deadline: Deadline) -> int:
        """Fill the store with N-Quads; chunks end at line ends.

        Returns:
            The number of quads in the store.

        Raises:
            QueryTimeoutError: The deadline passed; the process is gone.
            MemoryLimitError: The quads do not fit into memory; the process is gone.
        """
        with self._watched(deadline, "loading what the query can touch"):
            self._send({"request": "load"})
            for chunk in chunks:
                if not deadline.left_s:
                    raise EOFError
                if len(chunk):
                    self._send({}, bytes(chunk))
            self._send({})
            return int(self._receive()[0]["quads"])

    def check(self, text: str, deadline: Deadline) -> None:
        """Parse a query, on no data.

        Raises:
            QuerySyntaxError: It does not parse; located by line and column.
            QueryTimeoutError: The deadline passed; the process is gone.
        """
        with self._watched(deadline, "parsing the query"):
            self._send({"request": "check", "text": text})
            self._receive()

    def query(self, request: Mapping[str, Any], deadline: Deadline) -> tuple[int, bytes]:
        """Evaluate a query.

        Returns:
            The number of rows, and the serialised result.

        Raises:
            QuerySyntaxError: It does not parse.
            QueryRefusedError: It calls a function that is not known.
            QueryTimeoutError: The deadline passed; the process is gone.
            MemoryLimitError: It needed more memory; the process is gone.
            ResultTooLargeError: More rows or bytes than allowed.
        """
        with self._watched(deadline, "evaluating the query"):
            self._send({"request": "query", "timeout_s": deadline.left_s, **request})
            header, body = self._receive()
            return int(header["rows"]), body

    def _send(self, header: Mapping[str, Any], body: bytes = b"") -> None:
        self._has_answered = False
        fallback_worker.write_frame(_open(self._process.stdin), header, body)

    def _receive(self) -> tuple[dict[str, Any], bytes]:
        header, body = fallback_worker.read_frame(_open(self._process.stdout))
        self._has_answered = True
        if "error" in header:
            raise self._error(header)
        return header, body

    @contextmanager
    def _watched(self, deadline: Deadline, doing: str) -> Iterator[None]:
        """Kill the process at the deadline, and turn its death into the error that explains it."""
        watchdog = threading.Timer(deadline.left_s, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        except (EOFError, BrokenPipeError):
            self.close()
            if not deadline.left_s or self._process.returncode == -signal.SIGXCPU:
                raise deadline.error(doing) from None
            if self._process.returncode in _OUT_OF_MEMORY:
                raise self._memory_error(doing) from None
            raise
        finally:
            watchdog.cancel()

    def _memory_error(self, doing: str) -> MemoryLimitError:
        size = self._memory_bytes >> 20
        return MemoryLimitError(
            f"more than {size} MiB, or a deeper nesting than fits, was needed while {doing}; "
            "ask for less or raise the memory limit",
            message_zh=f"查询所需内存超过 {size} MiB 上限（或嵌套过深），已停止；请缩小查询范围或提高内存上限",
        )

    def _error(self, header: Mapping[str, Any]) -> Exception:
        match header["error"]:
            case "syntax":
                return QuerySyntaxError(
                    header["message"],
                    message_zh=f"查询语句语法有误：{header['message']}",
                    location=Location("query", header["line"], header["column"]),
                )
            case "too-large":
                return too_large()
            case "bad-iri":
                return InputError(
                    f"a graph's name is no IRI: {header['message']}",
                    message_zh=f"数据集的图名不是合法的 IRI：{header['message']}",
                )
            case "unknown-function":
                return QueryRefusedError(
                    f"there is no function {header['message']} here; those of SPARQL 1.1 and the casts of xsd: are known",
                    message_zh=f"没有函数 {header['message']}；可用 SPARQL 1.1 的函数与 xsd: 类型转换",
                )
            case "memory":
                return self._memory_error("evaluating the query")
            case _:
                return RuntimeError(header.get("message", "the fallback evaluator failed"))


def _open(pipe: Any) -> Any:
    if pipe is None:
        raise EOFError
    return pipe
