"""The settings of the service, read from environment variables `SIKG_…`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.logs import Detail
from graph.release import DEFAULT_KEEP
from graph.terms import is_absolute_iri
from graph.writing.requests import Policy


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
    address: Annotated[
        str | None,
        Field(
            pattern="^https?://[^?#]+/$",
            description="Address at which readers reach the service; ends in a slash.",
        ),
    ] = None
    threads: Annotated[
        int,
        Field(ge=1, description="Threads of one process in which pages and linked data are made."),
    ] = 4
    queue: Annotated[
        int, Field(ge=0, description="Queries under way in one process before it answers 503.")
    ] = 256
    query_seconds: Annotated[
        float, Field(gt=0, description="Longest time that a query may take.")
    ] = 30.0
    quick_seconds: Annotated[
        float, Field(gt=0, description="Time after which a query moves to the slow lane.")
    ] = 0.1
    query_memory: Annotated[int, Field(ge=0, description="Memory that a query may take.")] = (
        2_000_000_000
    )
    result_rows: Annotated[
        int, Field(ge=1, description="Solutions or statements after which a result is cut.")
    ] = 1_000_000
    result_bytes: Annotated[int, Field(ge=1, description="Size after which a result is cut.")] = (
        256_000_000
    )
    client_queries: Annotated[int, Field(ge=1, description="Queries of one client.")] = 32
    client_slow: Annotated[
        int, Field(ge=1, description="Queries of one client that run in the slow lane at once.")
    ] = 4
    quick_workers: Annotated[
        int, Field(ge=1, description="Query workers of the quick lane, for each process.")
    ] = 2
    slow_workers: Annotated[
        int, Field(ge=1, description="Query workers of the slow lane, for each process.")
    ] = 4
    cache_bytes: Annotated[
        int, Field(ge=0, description="Memory for remembered answers, for each worker.")
    ] = 64_000_000
    memory_quads: Annotated[
        int,
        Field(ge=0, description="Largest release, in quads, that is copied to memory."),
    ] = 2_000_000
    links: Annotated[
        int,
        Field(ge=1, le=10_000, description="Incoming links and parts shown of one thing."),
    ] = 200

    client_seconds: Annotated[
        float,
        Field(gt=0, description="Time for the head of a request, and to get on with what follows."),
    ] = 30.0
    access_log: Annotated[
        Detail, Field(description="What the access log tells of an address: off, path or address.")
    ] = "path"
    slow_seconds: Annotated[
        float, Field(ge=0, description="Time from which a query stands in the log of slow queries.")
    ] = 1.0
    metrics_folder: Annotated[
        Path | None,
        Field(description="Folder in which the processes of one server add up their metrics."),
    ] = None

    operator: Annotated[
        str,
        Field(description="Who runs the site, as the statement on accessibility tells it."),
    ] = ""
    contact: Annotated[
        str,
        Field(
            description="Address for feedback on accessibility: of e-mail, or of a page.",
            pattern=r"^$|^[^@\s]+@[^@\s]+$|^https?://\S+$",
        ),
    ] = ""
    enforcement: Annotated[
        str,
        Field(
            description="Page of the body to which complaints on accessibility go.",
            pattern=r"^$|^https?://\S+$",
        ),
    ] = ""

    tokens: Annotated[
        Path | None,
        Field(description="File of the tokens that may write."),
    ] = None
    ledger: Annotated[
        Path | None,
        Field(description="Ledger of who is who, which the page of matches writes."),
    ] = None
    write_validation: Annotated[
        Policy, Field(description="What is done with SHACL on writing.")
    ] = "off"
    write_seconds: Annotated[
        float, Field(gt=0, description="Longest time that writes may take.")
    ] = 30.0
    write_bytes: Annotated[
        int, Field(ge=1, description="Largest graph that is sent to the Graph Store.")
    ] = 50_000_000

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
