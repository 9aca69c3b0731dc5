"""Partners to take away: their ranking as a drawing, with reasons, paths and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from api import models_partners as models
from api.citation import GRAPH_TITLE
from api.partners.asking import View
from api.partners.documents import find_partners
from api.taking import address_of, credit, sources_of
from graph.dataset import Dataset
from graph.errors import NotFoundError
from visualisations.exporting import Sheet, Table
from visualisations.partners import Standing, draw_ranking
from visualisations.wording import Wording
from visualisations.wording import marked as _

_FIRST = 3  # partners that a sentence names


ASPECTS_SAID: Mapping[str, str] = {
    "theme": _("Themes"),
    "target-group": _("Target groups"),
    "role": _("Roles"),
    "call": _("Open calls"),
    "shared-partner": _("Partners in common"),
    "new": _("New to each other"),
    "experience": _("Experience"),
}


def title_of(found: models.Partners, words: Wording) -> str:
    """Say in a few words whose partners these are."""
    if found.organisation is None:
        return words.gettext("Possible partners")
    return words.gettext("Possible partners of %(name)s") % {"name": found.organisation.label.text}


def drawn(found: models.Partners, words: Wording) -> Markup:
    """Draw the ranking; each bar is divided by what speaks for the partner."""
    weights = {item.aspect: item.weight for item in found.aspects if item.weight}
    whole = 1000 * sum(weights.values())
    standings = []
    for partner in found.items:
        points = {reason.aspect: reason.points for reason in partner.reasons}
        label = partner.organisation.label
        standings.append(
            Standing(
                label.text,
                "" if label.language == "und" else label.language,
                points_of(partner.points),
                tuple(points.get(name, 0) * weight / whole for name, weight in weights.items()),
            )
        )
    named = [words.gettext(ASPECTS_SAID[name]) for name in weights]
    return draw_ranking(standings, named, words, label=summary(found, words))


def points_of(points: int) -> int:
    """Give points of 100, as they are told to people."""
    return round(points / 10)


def summary(found: models.Partners, words: Wording) -> str:
    """Say what the drawing shows, for those who do not see it."""
    first = "; ".join(
        f"{item.organisation.label.text} ({words.number(points_of(item.points))})"
        for item in found.items[:_FIRST]
    )
    said = words.ngettext(
        "%(count)s possible partner, ranked by points of 100; first: %(names)s.",
        "%(count)s possible partners, ranked by points of 100; first: %(names)s.",
        found.total,
    )
    return said % {"count": words.number(found.total), "names": first}


def sheet_of(dataset: Dataset, view: View, languages: tuple[str, ...], words: Wording) -> Sheet:
    """Give the ranking with all that must go with it; NotFoundError where nobody fits."""
    found = find_partners(dataset, view.asked, languages)
    if not found.items:
        raise NotFoundError("nobody fits what is asked, and so there is nothing to draw")
    address = address_of(dataset, "/partners", dict(view.address.state))
    return Sheet(
        title_of(found, words),
        drawn(found, words),
        summary(found, words),
        credit(dataset, words, address),
        dataset.release.manifest.created,
        author=GRAPH_TITLE,
        address=address,
        told=(
            words.gettext(
                "A rank tells what this release knows, not who is good: who is in no source has "
                "no rank."
            ),
            words.gettext("Calls are looked at as of %(day)s.") % {"day": found.on},
        ),
        tables=tuple(_tables(found, words)),
        sources=sources_of(dataset),
        language=words.language,
    )


def _tables(found: models.Partners, words: Wording) -> Iterator[Table]:
    what, points = words.gettext("What"), words.gettext("Points")
    ranks = tuple(
        (
            str(item.rank),
            item.organisation.label.text,
            "; ".join(country.label.text for country in item.countries),
            words.number(points_of(item.points)),
        )
        for item in found.items
    )
    heads = ("", words.gettext("Organisation"), words.gettext("Country"), points)
    yield Table(words.gettext("Ranking"), heads, ranks, frozenset({0, 3}))
    reasons = tuple(
        (
            str(item.rank),
            words.gettext(ASPECTS_SAID[reason.aspect]),
            words.number(points_of(reason.points)),
            reason.text,
        )
        for item in found.items
        for reason in item.reasons
    )
    yield Table(
        words.gettext("Reasons"), ("", what, points, words.gettext("Why")), reasons,
        frozenset({0, 2}),
    )  # fmt: skip
    paths = tuple(
        (
            str(item.rank),
            words.gettext(ASPECTS_SAID[reason.aspect]),
            _path(path),
            "; ".join(_rows(path, found, words)),
        )
        for item in found.items
        for reason in item.reasons
        for path in reason.paths
        if path.hops
    )
    heads = ("", what, words.gettext("Path"), words.gettext("Sources"))
    yield Table(words.gettext("Paths and sources"), heads, paths, frozenset({0}))


def _path(path: models.ReasonPath) -> str:
    """Write a path on one line, with arrows in the direction of what is said."""
    said = [path.nodes[0].label.text]
    for hop, node in zip(path.hops, path.nodes[1:], strict=True):
        arrow = f"\N{EM DASH} {hop.label.text} \N{RIGHTWARDS ARROW}"
        if not hop.along:
            arrow = f"\N{LEFTWARDS ARROW} {hop.label.text} \N{EM DASH}"
        said += [arrow, node.label.text]
    return " ".join(said)


def _rows(path: models.ReasonPath, found: models.Partners, words: Wording) -> Iterator[str]:
    for row in dict.fromkeys(row for hop in path.hops for row in hop.rows):
        receipt = found.receipts.get(row)
        if receipt is not None and receipt.number:
            number = words.gettext("row %(number)s") % {"number": receipt.number}
            yield f"{receipt.file or receipt.title or row}, {number}"
        elif receipt is not None:
            yield receipt.file or receipt.title or row
