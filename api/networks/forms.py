"""What a reader can choose on the page of a network, as form fields and as links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from api.finding.names import NAMES
from graph.dataset import Dataset
from graph.facts.counting import facets
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.names import names
from graph.networks.asking import Asked
from visualisations.wording import Wording
from visualisations.wording import marked as _

_MOST = 300  # values of a field: more is for the address, or for the search


# How fields are called; templates translate.
FIELDS: Mapping[str, str] = {
    **NAMES,
    "community": _("Community"),
    "degree": _("Neighbours"),
    "strength": _("Weight of links"),
    "betweenness": _("Lies between"),
    "constraint": _("Constraint"),
    "core": _("Core"),
    "same": _("all the same"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field with its values: keys and names; `chosen` is what the address has."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was chosen, in words, and the address of the view without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a view: a path with its state, from which others are made."""

    path: str
    state: Mapping[str, str]

    def but(self, path: str | None = None, **changes: str | int | None) -> str:
        """Give the address with some parameters changed; None takes one out.

        Parameters are named as in Python: `nodes_from` is `nodes-from`, `from_` is `from`.
        """
        named = {key.rstrip("_").replace("_", "-"): value for key, value in changes.items()}
        state = {**self.state, **named}
        # Slashes and commas stay legible: they need no escape in a query.
        asked = urlencode(
            {key: value for key, value in state.items() if value not in {None, ""}}, safe="/,"
        )
        target = self.path if path is None else path
        return f"{target}?{asked}" if asked else target

    def without(self, *names_: str) -> str:
        """Give the address without some parameters."""
        return Address(
            self.path, {key: value for key, value in self.state.items() if key not in names_}
        ).but()


def choices(
    dataset: Dataset, fields: Sequence[str], asked: Asked, languages: Sequence[str]
) -> tuple[Choice, ...]:
    """Give the fields of a map's filters with the values that the release has of each."""
    chosen = dict(asked.filters)
    found = _values(dataset, languages)
    made = []
    for name in fields:
        if name == PERIOD:
            continue
        text = ",".join(chosen.get(name, ()))
        options = found.get(name, ())
        known = {key for key, _ in options} | {"", UNKNOWN}
        # What cannot be chosen in the form, such as several values at once, stays chosen.
        more = () if text in known else ((text, value_names(found, name, chosen[name])),)
        made.append(Choice(name, FIELDS.get(name, name), (*more, *options), text))
    return tuple(made)


def chips(
    address: Address,
    asked: Asked,
    dataset: Dataset,
    languages: Sequence[str],
    nodes: Mapping[str, str],
    words: Wording,
) -> tuple[Chip, ...]:
    """Say what was asked, each part with the address that drops it; `nodes` are names by id."""
    found = _values(dataset, languages)
    made = [
        Chip(
            words.gettext(FIELDS.get(name, name)),
            value_names(found, name, values),
            address.without(name),
        )
        for name, values in asked.filters
    ]
    if asked.kinds:
        told = words.gettext("Kind")
        made.append(Chip(told, ", ".join(asked.kinds), address.without("kind")))
    if asked.centre:
        told = words.ngettext("One step around", "%(number)s steps around", asked.depth)
        name = nodes.get(asked.centre, asked.centre)
        label = told % {"number": asked.depth} if asked.depth > 1 else told
        made.append(Chip(label, name, address.without("centre", "depth")))
    if asked.source and asked.target:
        ends = (nodes.get(end, end) for end in (asked.source, asked.target))
        value = " \N{RIGHTWARDS ARROW} ".join(ends)
        made.append(Chip(words.gettext("Shortest ways"), value, address.without("from", "to")))
    if asked.collapse:
        dropped = address.without("collapse", "open")
        told, value = words.gettext("Drawn"), words.gettext("one by one, however many")
        if asked.collapse != "none":
            told, value = words.gettext("Drawn as one by"), words.gettext(FIELDS[asked.collapse])
        made.append(Chip(told, value, dropped))
    return tuple(made)


def value_names(
    found: Mapping[str, tuple[tuple[str, str], ...]], name: str, values: Sequence[str]
) -> str:
    """Name the values of a filter, as they are where the release has no name for them."""
    known = dict(found.get(name, ()))
    return ", ".join(known.get(value, value) for value in values)


def path_of(id_: str) -> str:
    """Write the id of a node for an address."""
    return quote(id_, safe="/")


def _values(
    dataset: Dataset, languages: Sequence[str]
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Give the values of all facets that any kind of thing has, by name of the facet."""
    facts = dataset.facts
    return facts.remembered(
        ("network fields", tuple(languages)), lambda: _read_values(dataset, languages)
    )


def _read_values(
    dataset: Dataset, languages: Sequence[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    gathered: dict[str, dict[str, str]] = {}
    for kind in kinds(dataset.facts):
        if not filters_of(kind):
            continue
        for facet in facets(dataset.facts, kind, {}, _MOST).facets:
            if facet.segment is None:
                continue
            known = names(dataset.facts, facet.segment, languages)
            values = {key: known.get(key, key) for key, _ in facet.values}
            gathered.setdefault(facet.name, {}).update(values)
    return {
        name: tuple(sorted(values.items(), key=lambda item: item[1].casefold())[:_MOST])
        for name, values in gathered.items()
    }
