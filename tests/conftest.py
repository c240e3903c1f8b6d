"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
import pickle
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emkg.bootstrap import open_evaluator, open_ledger, open_workspace, run_demonstration
from emkg.mapping.engine_choice import EngineChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emkg.bootstrap import Workspace
    from emkg.demonstration import Story
    from emkg.ledger import Ledger
    from emkg.plan import Evaluator

SPARK = os.environ.get("EMKG_TEST_SPARK", "")
ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected N-Quads of tests/golden"
    )


def _shared() -> Path | None:
    named = os.environ.get("SHARED_DIR")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "domain").is_dir() else None


@pytest.fixture(autouse=bool(SPARK))
def mappings_on_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    """`EMKG_TEST_SPARK=local[2] pytest tests/golden …`: mappings run on Spark where a test names no engine."""
    monkeypatch.setattr("emkg.mapping.run.Engine", EngineChoice(spark_master=SPARK).open)


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of shared data; a run with REQUIRE_SHARED=1 (as CI's is) fails where it is absent."""
    folder = _shared()
    if folder is None:
        reason = "the folder of shared data is neither at ../shared nor at SHARED_DIR"
        if os.environ.get("REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture
def served() -> Iterator[Callable[[Path], str]]:
    """Serve a folder over HTTP on 127.0.0.1; the address. As a proxy it gives a file for the last part of any URL."""
    with ExitStack() as servers:

        def serve(folder: Path) -> str:
            handler = partial(_LastPart, directory=str(folder))
            server = servers.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            servers.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{server.server_port}"

        yield serve


class _LastPart(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/moved-to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/moved-to/"))
            self.end_headers()
            return
        self.path = "/" + self.path.rpartition("/")[2]
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether the expected files of tests/golden are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@dataclass(frozen=True)
class Demonstration:
    """The demonstration city, generated and ingested once for all tests; nobody writes into it.

    Attributes:
        cache: What XDG_CACHE_HOME must be for `emkg` to take this city for the user's.
        workspace: Its folder and settings.
        story: What `emkg demo` told.
    """

    cache: Path
    workspace: Workspace
    story: Story

    @contextmanager
    def opened(self) -> Iterator[tuple[Ledger, Evaluator]]:
        """The ledger, for reading, and an evaluator over it; close them before a command opens the ledger."""
        with (
            open_ledger(self.workspace, read_only=True) as ledger,
            open_evaluator(ledger, self.workspace.settings) as evaluator,
        ):
            yield ledger, evaluator


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The whole way, once a session, whichever of its processes comes first."""
    base = tmp_path_factory.getbasetemp()
    cache = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    cache.mkdir(exist_ok=True)
    root, told = cache / "emkg" / "demonstration", cache / "story.pickle"
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_bytes(pickle.dumps(run_demonstration(root)))
    return Demonstration(cache, open_workspace(root), pickle.loads(told.read_bytes()))  # noqa: S301 - our own
