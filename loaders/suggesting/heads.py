"""Heads: the first bytes of a file, what kind of file they are, and in which encoding.

Only the head of a text file is read, whatever its size. A workbook cannot be read in part: it is
read whole, within the limits of loaders.reading.workbooks.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from charset_normalizer import from_bytes

from graph.errors import TableError
from graph.languages import Detector

HEAD = 4 << 20
MAX_BOOK = 256 << 20
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w.:-]+)|<\?xml[^>]{0,80}encoding=["']([\w.:-]+)""",
    re.IGNORECASE,
)
_CONTROLS = bytes({*range(32)} - {9, 10, 11, 12, 13})
_BINARY = 0.01
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
_CONFIRMED = 0.005  # what the word of charset-normalizer counts
_TELLING = 60_000
_LOOKED_AT = 4096
# What is in use for the official languages, the likelier of two that read a text alike first.
_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1257", "iso8859_2", "iso8859_5", "iso8859_7"),
    *("iso8859_13", "iso8859_15", "iso8859_3", "cp852", "cp850", "cp866", "mac_roman"),
)
_BEYOND = re.compile(r"[\x80-\x9f]")
# Letters of the official languages; other letters beyond ASCII speak against an encoding.
_LETTERS = re.compile(
    r"[À-ÖØ-öø-žșțȘȚΆ-ώЀ-џ\u201c\u201d\u201e\u2018\u2019\u2013\u2014…€°§«»ºª№²³\u00b4\u00a0\u00ad·•®©™½±]"
)
_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\W\d_]*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file, and how sure it is, from 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file, unpacked; `whole` where there are no others.

    `suffix` is the end of its name that tells its kind to the reader, such as `.csv`.
    """

    path: Path
    content: bytes
    whole: bool
    kind: str
    suffix: str


def read_head(path: Path) -> Head:
    """Read the head of a file and tell its kind: csv, xlsx, html, xml or json.

    TableError where it is empty or no table; `xlsx` stands for every workbook.
    """
    try:
        with path.open("rb") as file:
            content = file.read(HEAD)
            if content.startswith((_ZIP, _OLE)):
                content += file.read(MAX_BOOK - HEAD)
            whole = not file.read(1)
    except FileNotFoundError as error:
        raise TableError(f"{path}: there is no such file") from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    suffix = path.suffix.lower()
    if content.startswith(_GZIP):
        content, whole = _unpacked(path, content, whole=whole)
        suffix = path.with_suffix("").suffix.lower() if suffix == ".gz" else suffix
    return Head(path, content, whole, _kind(path, content, whole=whole), suffix)


def _unpacked(path: Path, content: bytes, *, whole: bool) -> tuple[bytes, bool]:
    """Unpack the head of a gzip file."""
    inflate = zlib.decompressobj(_GZIP_FORMAT)
    try:
        unpacked = inflate.decompress(content, HEAD)
    except zlib.error as error:
        raise TableError(f"{path}: no readable gzip file: {error}") from error
    return unpacked, whole and inflate.eof


def _kind(path: Path, content: bytes, *, whole: bool) -> str:
    begin = content[:_LOOKED_AT].removeprefix(codecs.BOM_UTF8).lstrip()
    if not begin and whole:
        raise TableError(f"{path}: the file is empty")
    if content.startswith((_ZIP, _OLE)):
        if path.suffix.lower() == ".zip":
            raise TableError(f"{path}: a packed file; unpack it first")
        if not whole:
            raise TableError(f"{path}: a workbook of more than {MAX_BOOK >> 20} MiB; split it")
        return "xlsx"
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        odd = len(content) - len(content.translate(None, _CONTROLS))
        if b"\x00" in content or odd > _BINARY * len(content):
            raise TableError(f"{path}: no table, but a file of bytes that are no text")
    if begin[:1] == b"<":
        return "html" if _HTML.match(begin) else "xml"
    return "json" if begin[:1] in {b"{", b"["} else "csv"


def decode_head(head: Head, detector: Detector) -> tuple[str, Encoding]:
    """Decode the head of a text file in the encoding that it names, or that fits it best."""
    for mark, name in _BOMS:
        if head.content.startswith(mark):
            return _decoded(head.content, name).removeprefix("\ufeff"), Encoding(name, 1.0)
    named = _NAMED.search(head.content[:_LOOKED_AT]) if head.kind in {"html", "xml"} else None
    declared = ((named[1] or named[2]).decode().lower(),) if named else ()
    for name in (*declared, "utf-8"):
        try:
            return _decoded(head.content, name), Encoding(name, 1.0)
        except (UnicodeDecodeError, LookupError):
            continue
    encoding = _guessed(head.content, detector)
    return head.content.decode(encoding.name, errors="replace"), encoding


def _decoded(content: bytes, name: str) -> str:
    """Decode what may end within a character."""
    decoder = codecs.getincrementaldecoder(name)()
    return decoder.decode(content, final=False)


def _guessed(content: bytes, detector: Detector) -> Encoding:
    """Choose by the letters that come out, then by whether they make words of a language."""
    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())[:_TELLING]
    likely = [match.encoding for match in from_bytes(lines, cp_isolation=list(_ENCODINGS))]
    scored = sorted(
        (
            (_fitness(text, detector) + _CONFIRMED * (name in likely[:1]), -place, name)
            for place, name in enumerate(_ENCODINGS)
            if (text := _tried(lines, name)) is not None
        ),
        reverse=True,
    )
    if not scored:
        return Encoding("cp1252", 0.1)
    best = scored[0][2]
    # Encodings that read the same text are no doubt about it.
    text = lines.decode(best)
    others = [fitness for fitness, _, name in scored if lines.decode(name) != text]
    margin = scored[0][0] - others[0] if others else 1.0
    return Encoding(best, min(1.0, 0.5 + 2 * margin))


def _tried(lines: bytes, name: str) -> str | None:
    try:
        return lines.decode(name)
    except UnicodeDecodeError:
        return None


def _fitness(text: str, detector: Detector) -> float:
    beyond = [letter for letter in text if letter > "\x7f"]
    if not beyond or _BEYOND.search(text):
        return -1.0
    letters = sum(_LETTERS.match(letter) is not None for letter in beyond) / len(beyond)
    words = _WORD.findall(text)
    # A capital after a small letter: what a wrong encoding makes of accents.
    broken = sum(_jumps(word) for word in words) / max(len(words), 1)
    return letters - broken + _agreement(words, detector)


def _jumps(word: str) -> bool:
    return any(one.islower() and two.isupper() for one, two in pairwise(word))


def _agreement(words: Sequence[str], detector: Detector) -> float:
    """Tell how sure the detector is of the words that hold other than ASCII letters."""
    sample = [" ".join(words[place : place + 12]) for place in range(0, min(len(words), 600), 12)]
    if not sample:
        return 0.0
    by_language: dict[str, float] = {}
    for text in sample:
        guess = detector.guess(text)
        by_language[guess.tag] = by_language.get(guess.tag, 0.0) + guess.confidence
    return max(by_language.values()) / len(sample)
