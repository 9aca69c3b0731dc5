"""Numbers as readers of a language read them: of things, “12 organisations”, and of measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from visualisations.wording import Wording

# Each says a number of things of a kind; the texts stand here whole, so that they are translated.
_COUNTED: Mapping[str, Callable[[Wording, int], str]] = {
    "organisation": lambda words, n: words.ngettext(
        "%(number)s organisation", "%(number)s organisations", n
    ),
    "project": lambda words, n: words.ngettext("%(number)s project", "%(number)s projects", n),
    "consortium": lambda words, n: words.ngettext(
        "%(number)s consortium", "%(number)s consortia", n
    ),
    "participation": lambda words, n: words.ngettext(
        "%(number)s participation", "%(number)s participations", n
    ),
    "practice": lambda words, n: words.ngettext("%(number)s practice", "%(number)s practices", n),
    "policy": lambda words, n: words.ngettext("%(number)s policy", "%(number)s policies", n),
    "programme": lambda words, n: words.ngettext(
        "%(number)s programme", "%(number)s programmes", n
    ),
    "event": lambda words, n: words.ngettext("%(number)s event", "%(number)s events", n),
    "network": lambda words, n: words.ngettext("%(number)s network", "%(number)s networks", n),
    "community": lambda words, n: words.ngettext(
        "%(number)s community of practice", "%(number)s communities of practice", n
    ),
    "region": lambda words, n: words.ngettext("%(number)s region", "%(number)s regions", n),
    "funding": lambda words, n: words.ngettext("%(number)s amount", "%(number)s amounts", n),
}
_NAMES: Mapping[str, Callable[[Wording], str]] = {
    "organisation": lambda words: words.gettext("Organisations"),
    "project": lambda words: words.gettext("Projects"),
    "consortium": lambda words: words.gettext("Consortia"),
    "participation": lambda words: words.gettext("Participations"),
    "practice": lambda words: words.gettext("Practices"),
    "policy": lambda words: words.gettext("Policies"),
    "programme": lambda words: words.gettext("Programmes"),
    "event": lambda words: words.gettext("Events"),
    "network": lambda words: words.gettext("Networks"),
    "community": lambda words: words.gettext("Communities of practice"),
    "region": lambda words: words.gettext("Regions"),
    "funding": lambda words: words.gettext("Money"),
}


def counted(words: Wording, kind: str, number: int) -> str:
    """Say a number of things of a kind."""
    said = _COUNTED.get(kind)
    if said is None:
        return f"{words.number(number)} ({kind})"
    return said(words, number) % {"number": words.number(number)}


def kind_name(words: Wording, kind: str) -> str:
    """Name a kind, as the heading of a list of many."""
    said = _NAMES.get(kind)
    return kind if said is None else said(words)


def share(words: Wording, part: float | None, digits: int = 1) -> str:
    """Write a part of a whole in hundredths; nothing where it is unknown."""
    return "" if part is None else f"{words.number(Decimal(f'{part * 100:.{digits}f}'))} %"


def measured(words: Wording, value: float) -> str:
    """Write a measure: a whole number whole, any other with two digits."""
    if float(value).is_integer():
        return words.number(int(value))
    return words.number(Decimal(f"{value:.2f}"))


def listed(words: Wording, items: Sequence[str]) -> str:
    """Say several things in a row: “A, B and C”."""
    if len(items) < 2:  # noqa: PLR2004  # nothing to divide
        return "".join(items)
    return words.gettext("%(first)s and %(last)s") % {
        "first": ", ".join(items[:-1]),
        "last": items[-1],
    }
