"""What the statement on accessibility tells: what was tested, and what is not accessible.

The order of the statement is that of the model of the European Commission (Implementing Decision
(EU) 2018/1523). Whoever adds a part of the site that somebody cannot use adds a limit here.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from visualisations.wording import marked as _

PREPARED = date(2026, 11, 22)
REVIEWED = date(2026, 11, 22)


class Limit(NamedTuple):
    """Something that is not accessible: where, what, and a way round it.

    `criterion` numbers the success criteria of WCAG that are not met; it is empty for a barrier
    that no criterion speaks of.
    """

    path: str
    part: str
    what: str
    criterion: str
    instead: str


LIMITS = (
    Limit(
        "/maps",
        _("Self-contained map files"),
        _(
            "Their picture is drawn on a canvas: its nodes cannot be reached with the keyboard, "
            "and a screen reader is told of the picture as a whole."
        ),
        "1.3.1, 2.1.1",
        _(
            "Below each picture stands a table of the same content; the pages of networks can be "
            "walked with the keyboard."
        ),
    ),
    Limit(
        "/queries",
        _("Titles and descriptions of the stored questions, and details of errors"),
        _("They are in English only, and are marked as English."),
        "",
        _("The columns and labels of answers are in the language that was chosen."),
    ),
    Limit(
        "/report",
        _("Texts from sources whose language is not stated"),
        _(
            "Names and texts come from published tables. Where these do not say in which language "
            "they are, neither do we, and a screen reader may speak them with the wrong voice."
        ),
        "3.1.2",
        _("The quality page counts, for each source, the texts whose language does not fit."),
    ),
    Limit(
        "/networks",
        _("Names in lists of filters"),
        _(
            "Where a value to choose has no name in the language of the page, it is named in "
            "another one, and does not say in which."
        ),
        "3.1.2",
        _("The tables, the legends and the pages of these things mark the language of each name."),
    ),
    Limit(
        "/find",
        _("Abbreviations and special terms"),
        _("Names of programmes and organisations hold abbreviations that are not spelled out."),
        "",
        _("The page of a thing gives its full name and its description where a source has one."),
    ),
)
