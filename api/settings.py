"""The settings of the service, read from environment variables `SIKG_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from graph.release import DEFAULT_KEEP
from graph.terms import is_absolute_iri


class Settings(BaseSettings):
    """What an operator can set; docs/settings.md describes each."""

    model_config = SettingsConfigDict(env_prefix="SIKG_", frozen=True)

    home: Annotated[Path, Field(description="Folder of the releases and all other state.")] = Path(
        "var"
    )
    keep: Annotated[int, Field(ge=1, description="How many releases are kept.")] = DEFAULT_KEEP
    service_allow: Annotated[
        frozenset[str],
        NoDecode,
        Field(description="Endpoints that queries may call by SERVICE, separated by spaces."),
    ] = frozenset()
    request_bytes: Annotated[
        int, Field(ge=1, description="Largest body and longest query string of a request.")
    ] = 1_000_000
    threads: Annotated[
        int, Field(ge=1, description="Queries that one worker process evaluates at once.")
    ] = 4
    queue: Annotated[
        int, Field(ge=0, description="Queries that wait in one worker before it answers 503.")
    ] = 256
    cache_bytes: Annotated[
        int, Field(ge=0, description="Memory for remembered answers, for each worker.")
    ] = 64_000_000
    memory_quads: Annotated[
        int,
        Field(ge=0, description="Largest release, in quads, that each worker copies to memory."),
    ] = 250_000
    links: Annotated[
        int,
        Field(ge=1, le=10_000, description="Incoming links and parts shown of one thing."),
    ] = 200

    @field_validator("service_allow", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return value.split() if isinstance(value, str) else value

    @field_validator("service_allow")
    @classmethod
    def _are_iris(cls, value: frozenset[str]) -> frozenset[str]:
        for item in value:
            if not is_absolute_iri(item):
                raise ValueError(f"{item!r} is no absolute IRI")
        return value
