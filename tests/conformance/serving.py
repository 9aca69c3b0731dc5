"""A small release and the service over it, within this process and as processes of its own."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.identity import Identity
from graph.release import Manifest, Releases
from graph.search import SearchIndex
from graph.store import Store
from tests.conformance.loading import NQUADS

IDENTITY = Identity()
DATA = "http://data.example/"
_STATEMENTS = "\n".join(
    [
        f'<{DATA}s0> <{DATA}p> "the default graph é" .',
        f'<{DATA}s1> <{DATA}p> "one" <{DATA}g1> .',
        f'<{DATA}s2> <{DATA}p> "two" <{DATA}g2> .',
        f'<{DATA}s3> <{DATA}p> "three"@en <{DATA}g3> .',
    ]
)


def publish(home: Path) -> None:
    """Publish a release with one statement in the default graph and in each of three graphs."""
    releases = Releases(home)
    with releases.draft() as folder:
        store = Store.create(folder / "work")
        store.load(io.BytesIO(_STATEMENTS.encode()), NQUADS)
        final = folder / "release"
        final.mkdir()
        store.checkpoint(final / "store")
        SearchIndex.build(final / "search", [])
        manifest = Manifest(
            number=releases.next_number(),
            created=datetime(2026, 1, 1, tzinfo=UTC),
            base=IDENTITY.base,
            digest="0" * 128,
            statements=4,
            quads=4,
            conforms=True,
            software="0",
            ontology="0",
            sources=(),
        )
        releases.publish(final, manifest)


@contextmanager
def in_process(home: Path, **settings: object) -> Iterator[httpx2.Client]:
    """Ask the service within this process; redirects are not followed."""
    values: Mapping[str, object] = {"home": home, **settings}
    with TestClient(create_app(Settings.model_validate(values)), follow_redirects=False) as client:
        yield client


@contextmanager
def as_processes(home: Path, **settings: str) -> Iterator[httpx2.Client]:
    """Ask `sikg serve` with one worker; redirects are not followed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("sikg")), "serve", "--home", str(home)]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--workers", "1"],
        stderr=subprocess.DEVNULL,
        env=os.environ | {f"SIKG_{name.upper()}": value for name, value in settings.items()},
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait_for(client)
            yield client
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _wait_for(client: httpx2.Client) -> None:
    for _ in range(300):
        try:
            if client.get("/ready").status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the service is not ready")
