"""Taking a drawing away: as SVG, as PNG, and as a report in PDF with tables, sources and licences.

Pictures and reports are set by Typst, in a font that travels with us, so that they look the same
on every machine. What is written comes in as data and is never part of a program of Typst.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from visualisations import svg
from visualisations.lettering import BOLD, FAMILY, lines
from visualisations.wording import Wording

if TYPE_CHECKING:
    import typst

_HERE = Path(__file__).parent
_SIZE = re.compile(r'viewBox="([-0-9.e]+) ([-0-9.e]+) ([0-9.e]+) ([0-9.e]+)"')
# What XML 1.0 cannot hold, whatever a name does.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PICTURE = b"""#let picture = json(bytes(sys.inputs.picture))
#set page(width: picture.width * 1pt, height: picture.height * 1pt, margin: 0pt, fill: white)
#image(bytes(picture.svg), format: "svg", width: 100%)
"""
_MARGIN, _TITLE, _SMALL, _LINE = 16, 17, 11, 1.45  # of the frame of a picture, in pixels
_INK, _QUIET = "#1b2430", "#55606e"
_SCALE = 2  # pixels of a PNG for one of the drawing: sharp on projectors and in print
_MOST_PIXELS = 8000  # of a side of a PNG
_TALL = 1.1  # height to width from which a drawing gets a page of its own
_MOST_ROWS = 400  # of a table in a report, of about twelve pages


@dataclass(frozen=True, slots=True)
class Source:
    """A source that a drawing goes back to; the licence is its address, or words."""

    title: str
    publisher: str
    licence: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report, all cells written; `numbers` are columns that stand to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing with all that must go with it when it leaves its page.

    `alternative` says in words what is drawn, `told` what it leaves open, `credit` in one
    sentence where it comes from, and `address` leads back to the view. `created` is the time of
    the release, so that the same view is the same file.
    """

    title: str
    drawing: Markup
    alternative: str
    credit: str
    created: datetime
    author: str = ""
    address: str | None = None
    told: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    sources: tuple[Source, ...] = ()
    language: str = "en"
    size: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        found = _SIZE.search(self.drawing)
        if found is None:
            raise ValueError("the drawing has no viewBox, and so no size")
        object.__setattr__(self, "size", (float(found[3]), float(found[4])))


def as_svg(sheet: Sheet) -> bytes:
    """Give the drawing as a file of its own: with its title above, and its credit beneath."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_framed(sheet)[0]}\n'.encode()


def as_png(sheet: Sheet) -> bytes:
    """Give the drawing as a picture with its title and credit, at twice its size."""
    framed, width, height = _framed(sheet)
    scale = min(_SCALE, _MOST_PIXELS / width, _MOST_PIXELS / height)
    picture = json.dumps({"svg": framed, "width": width, "height": height})
    return _set(_PICTURE, {"picture": picture}, format="png", ppi=72 * scale)


def as_pdf(sheet: Sheet, words: Wording) -> bytes:
    """Give a report of pages of A4, tagged so that it can be read aloud (PDF/UA-1).

    Where a name has a letter that our font lacks, the file is the same and claims no standard.
    """
    import typst  # noqa: PLC0415  # why: as in _set

    program = (_HERE / "sheet.typ").read_bytes()
    written = {"sheet": json.dumps(_clean(_told(sheet, words)))}
    stamped: dict[str, Any] = {
        "format": "pdf",
        "timestamp": sheet.created.astimezone(UTC).replace(microsecond=0),
    }
    try:
        return _set(program, written, pdf_standards=["ua-1"], **stamped)
    except typst.TypstError:
        return _set(program, written, **stamped)


def _framed(sheet: Sheet) -> tuple[Markup, float, float]:
    """Put the drawing in a frame with its title and credit; give its width and height, too."""
    width, height = sheet.size
    outer = width + 2 * _MARGIN
    above = lines(sheet.title, _TITLE * BOLD, width)
    below = lines(sheet.credit, _SMALL, width)
    top = _MARGIN + len(above) * _TITLE * _LINE
    bottom = top + height + _MARGIN
    total = bottom + len(below) * _SMALL * _LINE + _MARGIN
    inner = Markup(  # noqa: S704  # it was made by visualisations.svg
        str(sheet.drawing).replace(
            "<svg ", f'<svg x="{_MARGIN}" y="{top:.0f}" width="{width}" height="{height}" ', 1
        )
    )
    framed = svg.element(
        "svg",
        svg.element("title", sheet.title),
        svg.element("desc", sheet.alternative),
        svg.element("rect", width=outer, height=total, fill="#ffffff"),
        *_written(above, _MARGIN, _TITLE, fill=_INK, font_weight="bold"),
        inner,
        *_written(below, bottom, _SMALL, fill=_QUIET),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {svg.number(outer)} {svg.number(total)}",
        width=outer,
        height=total,
        font_family=FAMILY,
        lang=sheet.language,
    )
    return Markup(_clean(framed)), outer, total  # noqa: S704  # as above


def _clean(value: Any) -> Any:  # noqa: ANN401  # what JSON holds
    """Replace what neither XML nor a font can hold, in all texts of a value."""
    if isinstance(value, str):
        return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _written(texts: list[str], top: float, size: float, **attributes: svg.Value) -> list[Markup]:
    return [
        svg.element(
            "text",
            text,
            x=_MARGIN,
            y=top + size * (1 + place * _LINE),
            font_size=size,
            **attributes,
        )
        for place, text in enumerate(texts)
    ]


def _told(sheet: Sheet, words: Wording) -> dict[str, object]:
    """Give what the program of a report reads."""
    width, height = sheet.size
    cut = any(len(table.rows) > _MOST_ROWS for table in sheet.tables)
    more = words.gettext("Only the first %(number)s rows of each table stand here.") % {
        "number": words.number(_MOST_ROWS)
    }
    return {
        **{name: getattr(sheet, name) for name in ("title", "alternative", "credit", "author")},
        "address": sheet.address,
        "language": sheet.language,
        "drawing": sheet.drawing,
        "tall": height > _TALL * width,
        "wide": any(len(table.heads) > 6 for table in sheet.tables),  # noqa: PLR2004  # columns
        "told": [*sheet.told, *([more] if cut else [])],
        "tables": [
            {
                "title": table.title,
                "heads": table.heads,
                "rows": table.rows[:_MOST_ROWS],
                "numbers": sorted(table.numbers),
            }
            for table in sheet.tables
        ],
        "sources": [asdict(source) for source in sheet.sources],
        "words": {
            "sources": words.gettext("Sources and licences"),
            "address": words.gettext("This view, with its rows:"),
        },
    }


@cache
def _fonts() -> typst.Fonts:
    """Read our fonts once a process; those of the machine are never used."""
    import typst  # noqa: PLC0415  # why: as in _set

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(_HERE / "fonts")],
    )


def _set(program: bytes, inputs: Mapping[str, str], **options: Any) -> bytes:  # noqa: ANN401  # of Typst
    import typst  # noqa: PLC0415  # why: 100 MB of code that only downloads need

    made: bytes | list[bytes] = typst.compile(
        program, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=dict(inputs), **options
    )
    return made[0] if isinstance(made, list) else made
