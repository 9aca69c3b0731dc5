"""Atom (RFC 4287): news as a feed for readers of news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Characters that XML 1.0 cannot hold in any way.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry: an IRI that stays, a title, where to read on, when, and what it says."""

    id: str
    title: str
    address: str
    updated: datetime
    summary: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """A feed: its own address, which is its id, the page that it is of, and its entries."""

    title: str
    address: str
    page: str
    updated: datetime
    author: str
    language: str
    rights: str
    entries: Sequence[AtomEntry]

    def written(self) -> bytes:
        """Write the document."""
        feed = ET.Element("feed", {"xmlns": _NAMESPACE, _XML_LANGUAGE: self.language})
        _add(feed, "id", self.address)
        _add(feed, "title", self.title)
        _add(feed, "updated", _moment(self.updated))
        _add(feed, "rights", self.rights)
        _add(ET.SubElement(feed, "author"), "name", self.author)
        ET.SubElement(feed, "link", {"rel": "self", "href": self.address, "type": MEDIA_TYPE})
        ET.SubElement(feed, "link", {"rel": "alternate", "href": self.page, "type": "text/html"})
        for entry in self.entries:
            _add_entry(ET.SubElement(feed, "entry"), entry)
        written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
        return written


def _add_entry(element: ET.Element, entry: AtomEntry) -> None:
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "updated", _moment(entry.updated))
    _add(element, "summary", entry.summary)
    ET.SubElement(element, "link", {"rel": "alternate", "href": entry.address})
    for category in entry.categories:
        ET.SubElement(element, "category", {"term": category})


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
