"""Database servers for the RML IO suites, on 127.0.0.1, with their data in a temporary folder."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pymysql
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECONDS = 60
_SERVER_FOLDERS = ("/usr/sbin", "/usr/bin", *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin"))))


@dataclass(frozen=True)
class TestServer:
    """A running server: its JDBC URL, its user, and a way to run a script on it."""

    dsn: str
    user: str
    run: Callable[[str], None]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[TestServer]:
    initdb, postgres = _program("initdb"), _program("postgres")
    with _folder("postgres") as (folder, user):
        data, port = folder / "data", _free_port()
        _run([initdb, "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], user)
        command = [postgres, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]

        def connect() -> psycopg.Connection[tuple[object, ...]]:
            return psycopg.connect(
                host="127.0.0.1", port=port, user="postgres", dbname="postgres", autocommit=True
            )

        def run(script: str) -> None:
            with connect() as connection:
                connection.execute(script.encode())

        with _process(command, user, folder, lambda: connect().close()):
            yield TestServer(f"jdbc:postgresql://127.0.0.1:{port}/postgres", "postgres", run)


@pytest.fixture(scope="session")
def mysql_server() -> Iterator[TestServer]:
    install, server = _program("mariadb-install-db"), _program("mariadbd")
    with _folder("mysql") as (folder, user):
        data, port = folder / "data", _free_port()
        _run(
            [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"], user
        )
        command = [
            server,
            "--no-defaults",
            f"--datadir={data}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder}/socket",
            f"--pid-file={folder}/pid",
        ]

        def run(script: str) -> None:
            connection = pymysql.connect(
                host="127.0.0.1", port=port, user="root", client_flag=65536, autocommit=True
            )
            with connection, connection.cursor() as cursor:
                cursor.execute(script)
                while cursor.nextset():
                    pass

        with _process(
            command, user, folder, lambda: run("CREATE OR REPLACE DATABASE test CHARACTER SET utf8mb4")
        ):
            yield TestServer(f"jdbc:mysql://127.0.0.1:{port}/test", "root", run)


def _program(name: str) -> str:
    path = shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *_SERVER_FOLDERS)))
    if path is None:
        reason = f"{name} is not installed"
        if os.environ.get("REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@contextmanager
def _folder(account: str) -> Iterator[tuple[Path, str | None]]:
    """A folder outside pytest's own, which no other account may enter: servers refuse to run as root."""
    with tempfile.TemporaryDirectory(prefix="emkg-server-") as name:
        user = None
        if getpass.getuser() == "root":
            user = account if any(each.pw_name == account for each in pwd.getpwall()) else "nobody"
            shutil.chown(name, user)
        yield Path(name), user


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[str], user: str | None) -> None:
    done = subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr + done.stdout


@contextmanager
def _process(command: list[str], user: str | None, folder: Path, probe: Callable[[], None]) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd="/")
        try:
            _wait(process, folder, probe)
            yield
        finally:
            process.terminate()
            process.wait(_SECONDS)


def _wait(process: subprocess.Popen[bytes], folder: Path, probe: Callable[[], None]) -> None:
    for _ in range(_SECONDS * 10):
        assert process.poll() is None, (folder / "log").read_text(errors="replace")
        try:
            probe()
        except (psycopg.Error, pymysql.MySQLError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server does not answer")
