"""The application of a server process: what uvicorn's `--factory` calls."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from emkg.api.app import create_app
from emkg.api.ontology_reference import Reference
from emkg.api.service import Service
from emkg.bootstrap import open_evaluator, open_ledger, open_workspace
from emkg.content import content_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI


def application() -> FastAPI:
    """The service on the workspace that EMKG_WORKSPACE names (or the current folder, or the demonstration city).

    Raises:
        SettingsError: The workspace or a setting is unusable.
        LedgerError: Nothing was ingested yet, or another process is writing.
    """
    workspace = open_workspace()
    city = workspace.settings.city
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(workspace, read_only=True))
        evaluator = stack.enter_context(open_evaluator(ledger, workspace.settings))

        def readiness() -> Mapping[str, bool]:
            return {"ledger": ledger.generation > 0}

        service = Service(
            evaluator=evaluator,
            context=workspace.ask_context,
            readiness=readiness,
            close=stack.pop_all().close,
            city_zh=city.name_zh,
            city_en=city.name_en,
            is_generated=city.is_generated,
            reference=Reference.of_content(content_root()),
        )
    return create_app(service)
