"""One frozen settings value: emkg.toml of the workspace, overridden by EMKG_… variables of the environment.

A mistyped variable or key is refused at start-up rather than ignored. Nested settings are written with two
underscores: `EMKG_QUERY__TIMEOUT_S=5`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from emkg.errors import Location, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORKSPACE_FILE = "emkg.toml"
_PREFIX = "EMKG_"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CitySettings(_Part):
    """Which city the workspace speaks for."""

    name_zh: str = Field("示范市", description="The city's name in Chinese.")
    name_en: str = Field("Demonstration City", description="The city's name in English.")
    division: str = Field("310000", description="Its GB/T 2260 code: whose local acts bind.")
    level: str = Field("city", description="The government level that answers: city, county, province …")
    is_generated: bool = Field(default=False, description="Whether its data was generated for demonstration.")


class LedgerSettings(_Part):
    """Limits of the ledger's engine."""

    memory_limit_mb: int = Field(1280, ge=128, description="Memory that DuckDB may use, in MB.")
    spill_limit_mb: int = Field(
        8192, ge=0, description="Disk that queries may use for what does not fit into memory, in MB."
    )
    threads: int | None = Field(None, ge=1, description="Threads that DuckDB may use; all cores if unset.")


class QuerySettings(_Part):
    """Limits of every query; each of them is enforced."""

    timeout_s: float = Field(30.0, gt=0, description="Seconds until a query is stopped (504).")
    memory_mb: int = Field(2048, ge=256, description="Memory one evaluator process may use, in MB (503).")
    max_rows: int = Field(100_000, ge=1, description="Rows an answer may have (413).")
    max_bytes: int = Field(64 * 1024 * 1024, ge=1024, description="Bytes an answer may have (413).")
    workers: int = Field(2, ge=1, description="Evaluator processes kept warm.")


class UpdateSettings(_Part):
    """Limits of every update request; each of them is enforced, and what reaches one changes nothing."""

    timeout_s: float = Field(60.0, gt=0, description="Seconds until an update is stopped.")
    max_rows: int = Field(
        1_000_000, ge=1, description="Solutions that the pattern of one update operation may have."
    )


class ServiceSettings(_Part):
    """Where the service listens."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")


GatePolicyName: TypeAlias = Literal["reject", "quarantine", "report"]


class DatasetGateSettings(_Part):
    """What one dataset, or one department's, has otherwise."""

    policy: GatePolicyName | None = Field(None, description="For violations.")
    warning: GatePolicyName | None = Field(None, description="For warnings.")
    info: GatePolicyName | None = Field(None, description="For remarks.")


class GateSettings(_Part):
    """What happens to a focus node that a shape finds fault with."""

    policy: GatePolicyName = Field(
        "quarantine",
        description="For violations: reject: load nothing; quarantine: withhold the node; report: load it.",
    )
    warning: GatePolicyName = Field("report", description="The same for warnings.")
    info: GatePolicyName = Field("report", description="The same for remarks (sh:Info).")
    datasets: dict[str, DatasetGateSettings] = Field(
        {},
        description='What a department or a dataset has otherwise: `[gate.datasets."health/clinic-visits"]` with `policy`, `warning`, `info`.',
    )

    def of(self, dataset: str) -> tuple[GatePolicyName, GatePolicyName, GatePolicyName]:
        """The policies for violations, warnings and remarks of a dataset; its own before its department's."""
        named = (self.datasets.get(dataset), self.datasets.get(dataset.partition("/")[0]))
        own = [one for one in named if one is not None]

        def first(name: str, common: GatePolicyName) -> GatePolicyName:
            return next((found for one in own if (found := getattr(one, name)) is not None), common)

        return first("policy", self.policy), first("warning", self.warning), first("info", self.info)


class Settings(BaseSettings):
    """Every setting of a workspace."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    base: str = Field("https://w3id.org/emkg/id/", description="Base IRI of relative IRIs in mappings.")
    city: CitySettings = CitySettings()
    ledger: LedgerSettings = LedgerSettings()
    query: QuerySettings = QuerySettings()
    update: UpdateSettings = UpdateSettings()
    service: ServiceSettings = ServiceSettings()
    gate: GateSettings = GateSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over emkg.toml; no .env file and no secrets folder is read."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def known_variables() -> frozenset[str]:
    """Names of all environment variables that EMKG reads."""
    return frozenset({f"{_PREFIX}WORKSPACE", f"{_PREFIX}LANG", *_names(Settings, _PREFIX)})


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name.upper()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _names(field.annotation, f"{prefix}{name.upper()}__")


def load_settings(workspace: Path | None) -> Settings:
    """The settings of a workspace folder (its emkg.toml), or the defaults where it is None.

    Raises:
        SettingsError: emkg.toml does not parse, or a key or EMKG_ variable is unknown or has a bad value.
    """
    _refuse_unknown(os.environ)
    file = None if workspace is None else workspace / WORKSPACE_FILE
    values: dict[str, object] = {}
    if file is not None and file.is_file():
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(str(error), location=Location(str(file))) from error
    try:
        return Settings(**values)  # type: ignore[arg-type]  # the model checks keys and values
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{key}: {first['msg']}", location=Location(str(file)) if file else None
        ) from error


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    unknown = sorted(name for name in environ if name.startswith(_PREFIX) and name not in known_variables())
    if unknown:
        raise SettingsError(
            f"the environment variable {unknown[0]} is not a setting; known: {', '.join(sorted(known_variables()))}",
            message_zh=f"环境变量 {unknown[0]} 不是已知设置",
        )


def find_workspace(explicit: Path | None = None) -> Path | None:
    """The workspace folder: the one named, else EMKG_WORKSPACE, else the current folder if it holds emkg.toml.

    Raises:
        SettingsError: The folder named holds no emkg.toml.
    """
    variable = os.environ.get(f"{_PREFIX}WORKSPACE")
    named = explicit or (Path(variable) if variable else None)
    if named is not None:
        if not (named / WORKSPACE_FILE).is_file():
            raise SettingsError(
                f"{named} is no workspace: it holds no {WORKSPACE_FILE}; make one with `emkg init {named}`",
                message_zh=f"{named} 不是工作区（缺少 {WORKSPACE_FILE}），可用 emkg init 新建",
            )
        return named.resolve()
    here = Path.cwd()
    return here if (here / WORKSPACE_FILE).is_file() else None
