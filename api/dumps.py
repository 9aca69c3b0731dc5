"""Dumps as a service has them: found, or made by a child process when first asked for."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from api.errors import BusyError
from graph.dumps.files import FOLDER, SUMS, SUMS_FILE, Dump, read_listing
from graph.errors import NotFoundError, StorageError
from graph.release import Release, Releases

LATEST = "latest"

_PATIENCE = 25.0  # seconds that a client waits for a dump: less than proxies do
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_LONG = "public, max-age=86400"  # numbers begin anew where a home is made anew


@dataclass
class Dumps:
    """Has dumps made, those of each release by one process at a time."""

    _making: dict[Path, asyncio.Task[None]] = field(default_factory=dict)

    async def of(self, release: Release, home: Path) -> tuple[Dump, ...]:
        """Give the dumps of a release, made if they are not there.

        BusyError if that takes longer than a client waits, StorageError if it failed.
        """
        found = read_listing(release.path)
        if found:
            return found
        making = self._making.get(release.path)
        if making is None:
            making = asyncio.create_task(_make(str(home), release.number))
            self._making[release.path] = making
            making.add_done_callback(lambda _: self._making.pop(release.path, None))
        await asyncio.wait({making}, timeout=_PATIENCE)
        found = read_listing(release.path)
        if not found and not making.done():
            raise BusyError(f"the dump of release {release.number} is being made: ask again soon")
        if not found:
            raise StorageError(f"the dump of release {release.number} could not be made")
        return found


async def _make(home: str, number: int) -> None:
    command = (sys.executable, "-m", "api.dumping", home, str(number))
    process = await asyncio.create_subprocess_exec(*command)
    await process.wait()


def find_release(releases: Releases, asked: str) -> Release:
    """Give the release that an address names: `latest`, a number, or a day for its last one.

    NotFoundError if none is kept.
    """
    if asked == LATEST:
        return releases.current()
    if _NUMBER.fullmatch(asked):
        return releases.get(int(asked))
    if _DAY.fullmatch(asked):
        for release in reversed(releases.all()):
            if release.manifest.created.astimezone(UTC).date().isoformat() == asked:
                return release
        raise NotFoundError(f"no release of {asked} is kept here")
    raise NotFoundError("dumps are under “latest”, the number of a release, or a day")


def find_dump(dumps: tuple[Dump, ...], name: str) -> Dump:
    """Give the file of a name; NotFoundError, naming all, if there is none."""
    found = next((dump for dump in (*dumps, SUMS_FILE) if dump.name == name), None)
    if found is None:
        listed = ", ".join(dump.name for dump in dumps)
        raise NotFoundError(f"there is no file “{name[:60]}”; there are {SUMS}, {listed}")
    return found


def send_dump(request: Request, release: Release, dump: Dump) -> Response:
    """Send a file, or the parts of it that are asked for; a client that has it gets 304."""
    day = release.manifest.created.astimezone(UTC).date().isoformat()
    # The list of checksums has none itself; the digest of the release stands for it.
    tag = f'"{dump.sha256 or release.manifest.digest[:64]}"'
    headers = {"ETag": tag, "Cache-Control": _DAY_LONG, "Access-Control-Allow-Origin": "*"}
    known = [item.strip() for item in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(None, HTTPStatus.NOT_MODIFIED, headers)
    return FileResponse(
        release.path / FOLDER / dump.name,
        headers=headers,
        media_type=dump.content_type,
        filename=f"sikg-{day}-r{release.number}-{dump.name}",
    )
