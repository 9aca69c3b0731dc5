"""What is built for browsers: found by a manifest, and served so that it is fetched once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.protocol import header

BUILT = Path(__file__).parent / "static" / "built"

_ADDRESS = "/static/built/"
_ENCODINGS = {"br": ".br", "gzip": ".gz"}
_HASHED = re.compile(r"-[A-Z0-9]{8}\.(?:js|css)$")
_REFUSED = re.compile(r";\s*q=0(?:\.0*)?\s*$")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The addresses of a script and its style, where it has one."""

    script: str
    style: str | None


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
    return Bundle(_ADDRESS + found["script"], None if style is None else _ADDRESS + style)


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
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _accepted(accept_encoding: str) -> set[str]:
    parts = accept_encoding.lower().split(",")
    return {part.partition(";")[0].strip() for part in parts if not _REFUSED.search(part)}
