"""What is built for browsers: found by a manifest, and served so that it is fetched once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.protocol import header

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "built"

_ADDRESS = "/static/built/"
_FOR_EVER = "public, max-age=31536000, immutable"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_HASHED = re.compile(r"-[A-Z0-9]{8}\.(?:js|css)$")
_HASH = "h"  # the parameter of an address that holds the hash of the content
_REFUSED = re.compile(r";\s*q=0(?:\.0*)?\s*$")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The addresses of a script, of its style, where it has one, and of what it imports at once."""

    script: str
    style: str | None
    parts: tuple[str, ...]


def bundle(name: str, folder: Path | None = None) -> Bundle | None:
    """Read where what a folder of `visualisations/web` became is served; None if not built.

    Read anew each time, so that a build is seen by a running service.
    """
    try:
        found = json.loads(((folder or BUILT) / "manifest.json").read_bytes()).get(name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if found is None:
        return None
    style = found["style"]
    parts = tuple(_ADDRESS + part for part in found["parts"])
    return Bundle(_ADDRESS + found["script"], None if style is None else _ADDRESS + style, parts)


def static(name: str) -> str:
    """Give the address of a file of `static` with a hash of its content, to be kept for ever."""
    return f"/static/{name}?{_HASH}={_hash(name, (STATIC / name).stat().st_mtime_ns)}"


@lru_cache(maxsize=256)
def _hash(name: str, _modified: int) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:8]


class Static(StaticFiles):
    """Serves the files of `static`; those asked for by the hash of their content for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        response = await super().get_response(path, scope)
        asked = f"/static/{path}?{scope['query_string'].decode('latin-1')}"
        fits = (STATIC / path).is_file() and asked == static(path)
        # Without the right hash the file is asked for anew, and sent only where it has changed.
        response.headers["Cache-Control"] = _FOR_EVER if fits else "no-cache"
        return response


class Built(StaticFiles):
    """Serves the built files: compressed where the client takes it, and for ever by their hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, or with its compressed twin."""
        if not _HASHED.search(path):
            return await super().get_response(path, scope)
        accepted = _accepted(header(scope, b"accept-encoding"))
        coding = next((name for name in _ENCODINGS if name in accepted), None)
        response = await super().get_response(path + _ENCODINGS.get(coding or "", ""), scope)
        if coding is not None:
            response.headers["Content-Encoding"] = coding
        response.headers["Vary"] = "Accept-Encoding"
        # The name holds a hash of the content: what is under it never changes.
        response.headers["Cache-Control"] = _FOR_EVER
        return response


def _accepted(accept_encoding: str) -> set[str]:
    parts = accept_encoding.lower().split(",")
    return {part.partition(";")[0].strip() for part in parts if not _REFUSED.search(part)}
