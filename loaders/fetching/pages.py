"""Pages: the whole answer of a query that an endpoint gives a piece at a time.

Either the query ends with ORDER BY, and pages are asked for with LIMIT and OFFSET; or it has the
slot `VALUES ?after { "" }`, where the last value of a variable is put, and pages begin after it:
that stays quick however far one reads, and no endpoint limits it. One value may have several
solutions, as many as a page holds.

Endpoints answer less than they are asked for without saying so. A page is therefore the last one
only when it is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from graph.engine import Query
from graph.errors import EndpointError, MappingError
from graph.terms import Solutions, literal, n3

MAX_PAGES = 100_000
_COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)
_SLOT = re.compile(r'VALUES\s+\?after\s*\{\s*""\s*\}')
_ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_LIMITED = re.compile(r"\b(LIMIT|OFFSET|VALUES)\b", re.IGNORECASE)

Ask = Callable[[Query], Solutions]


def pages(ask: Ask, text: str, size: int, after: str | None) -> Iterator[Solutions]:
    """Give the answer of a query, page by page; the first is given even if it is empty.

    `after` names the variable that the slot of the query continues. MappingError where the query
    cannot be paged, EndpointError where the endpoint gives the same page again.
    """
    _check(text, after)
    position, offset, before = "", 0, None
    for number in range(MAX_PAGES):
        page = ask(Query(_paged(text, size, after, position, offset)))
        rows = [tuple(sorted(row.items())) for row in page]
        if rows and rows == before:
            raise EndpointError("the endpoint gives the same page again: it does not page")
        before = rows
        if after and rows:
            page, position = _whole(page, size, after, position)
        if rows or number == 0:
            yield page
        if not rows:
            return
        offset += len(rows)
    raise EndpointError(f"the endpoint gave {MAX_PAGES:,} pages: ask for larger ones (rows.page)")


def _check(text: str, after: str | None) -> None:
    tail = _COMMENT.sub("", text).rpartition("}")[2]
    if after and not _SLOT.search(text):
        raise MappingError('the query has no slot VALUES ?after { "" } for rows.after')
    if not _ORDERED.search(tail):
        raise MappingError("the query needs ORDER BY at its end, or its pages would overlap")
    if _LIMITED.search(tail):
        raise MappingError("the query ends with LIMIT, OFFSET or VALUES: rows.page says how many")


def _paged(text: str, size: int, after: str | None, position: str, offset: int) -> str:
    if after is None:
        return f"{text}\nLIMIT {size} OFFSET {offset}\n"
    value = n3(literal(position))
    return _SLOT.sub(lambda _: f"VALUES ?after {{ {value} }}", text) + f"\nLIMIT {size}\n"


def _whole(page: Solutions, size: int, after: str, before: str) -> tuple[Solutions, str]:
    """Give the solutions of a page that are surely all of their value, and the last such value.

    A page may end among the solutions of its last value, which the next page then begins with.
    """
    values = [row[after].value if after in row else "" for row in page]
    if "" in values or before in values:
        raise EndpointError(
            f"a solution has no ?{after}, or that of the page before: the query needs "
            f"FILTER(STR(?{after}) > ?after)"
        )
    kept = [row for row, value in zip(page, values, strict=True) if value != values[-1]]
    if kept:
        return Solutions(page.variables, tuple(kept)), kept[-1][after].value
    if len(page) >= size:
        raise EndpointError(
            f"?{after} {values[-1]!r} has more solutions than a page holds: ask for larger ones "
            "(rows.page)"
        )
    return page, values[-1]
