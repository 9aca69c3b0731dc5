"""Web: the file at an address, as a copy in the cache."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import EndpointError
from loaders.fetching.cache import Copy
from loaders.fetching.download import Download, Downloaded
from loaders.fetching.options import Fetching
from loaders.language.mapping import SourceMapping

_HEAD = 4_096
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_MARK = b"\xef\xbb\xbf"
_SHOWN = 80


def downloaded(mapping: SourceMapping, fetching: Fetching, url: str, known: Copy | None) -> Copy:
    """Give the latest copy of the file at an address; EndpointError where it cannot be had."""
    rows, cache = mapping.rows, fetching.cache
    download = Download(url, fetching.hosts, fetching.limits, rows.largest << 20)
    with cache.writing() as file:
        got = download.into(file, known)
        now = datetime.now(UTC)
        if got is None:
            assert known is not None  # noqa: S101  # nothing else can be the latest
            return cache.remember(known.model_copy(update={"checked": now}))
        file.flush()
        with Path(file.name).open("rb") as written:
            _expect(mapping, url, got, written.read(_HEAD))
        cache.keep(file, got.sha256, rows.file)
    copy = Copy(
        address=url,
        name=rows.file,
        sha256=got.sha256,
        fetched=now,
        checked=now,
        etag=got.etag,
        modified=got.modified,
    )
    return cache.remember(copy)


def _expect(mapping: SourceMapping, url: str, got: Downloaded, head: bytes) -> None:
    """Refuse what is not the declared file, or a web page in the place of a table."""
    rows = mapping.rows
    if rows.sha256 is not None and got.sha256 != rows.sha256:
        raise EndpointError(
            f"{url} has the checksum {got.sha256}, and {rows.sha256} is declared: look whether the "
            "file is still what the mapping describes, and change rows.sha256"
        )
    kind = (rows.format or Path(rows.file).suffix.lstrip(".")).lower()
    if kind not in {"html", "htm"} and _PAGE.match(head.removeprefix(_MARK)):
        found = _TITLE.search(head)
        title = html.unescape(found[1].decode("utf-8", "replace")) if found else ""
        named = f" (“{' '.join(title.split())[:_SHOWN]}”)" if title.strip() else ""
        raise EndpointError(
            f"{url} answered a web page{named} with status 200, where a table in "
            f"{kind or 'a file'} is expected: it may be an error page or a form to sign in"
        )
