"""What a reader can choose on the page of a network, as form fields and as links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from api.addresses import Address
from api.choosing import Chip, Choice, Option, by_name, options_of, plain, together
from api.finding.names import NAMES
from graph.dataset import Dataset
from graph.facts.counting import facets
from graph.facts.dimensions import UNKNOWN
from graph.facts.facets import PERIOD, filters_of, kinds
from graph.facts.names import labels
from graph.labels import Label
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
        options = found.get(name, {})
        # What cannot be chosen in the form, such as several values at once, stays chosen.
        more = [] if text in {"", UNKNOWN, *options} else [together(options, text)]
        made.append(Choice(name, FIELDS.get(name, name), (*more, *options.values()), text))
    return tuple(made)


def chips(
    address: Address,
    asked: Asked,
    dataset: Dataset,
    languages: Sequence[str],
    nodes: Mapping[str, Label],
    words: Wording,
) -> tuple[Chip, ...]:
    """Say what was asked, each part with the address that drops it; `nodes` are names by id."""
    found = _values(dataset, languages)
    made = [
        Chip(
            words.gettext(FIELDS.get(name, name)),
            together(found.get(name, {}), ",".join(values)).labels,
            address.without(name),
        )
        for name, values in asked.filters
    ]
    if asked.kinds:
        kinds_ = tuple(map(plain, asked.kinds))
        made.append(Chip(words.gettext("Kind"), kinds_, address.without("kind")))
    if asked.centre:
        told = words.ngettext("One step around", "%(number)s steps around", asked.depth)
        name = nodes.get(asked.centre, plain(asked.centre))
        label = told % {"number": asked.depth} if asked.depth > 1 else told
        made.append(Chip(label, (name,), address.without("centre", "depth")))
    if asked.source and asked.target:
        ends = tuple(nodes.get(end, plain(end)) for end in (asked.source, asked.target))
        dropped, arrow = address.without("from", "to"), " \N{RIGHTWARDS ARROW} "
        made.append(Chip(words.gettext("Shortest ways"), ends, dropped, arrow))
    if asked.collapse:
        dropped = address.without("collapse", "open")
        told, value = words.gettext("Drawn"), words.gettext("one by one, however many")
        if asked.collapse != "none":
            told, value = words.gettext("Drawn as one by"), words.gettext(FIELDS[asked.collapse])
        made.append(Chip(told, (plain(value),), dropped))
    return tuple(made)


def path_of(id_: str) -> str:
    """Write the id of a node for an address."""
    return quote(id_, safe="/")


def _values(dataset: Dataset, languages: Sequence[str]) -> Mapping[str, Mapping[str, Option]]:
    """Give the values of all facets that any kind of thing has, by facet and key."""
    facts = dataset.facts
    return facts.remembered(
        ("network fields", tuple(languages)), lambda: _read_values(dataset, languages)
    )


def _read_values(dataset: Dataset, languages: Sequence[str]) -> dict[str, dict[str, Option]]:
    gathered: dict[str, dict[str, Option]] = {}
    for kind in kinds(dataset.facts):
        if not filters_of(kind):
            continue
        for facet in facets(dataset.facts, kind, {}, _MOST).facets:
            if facet.segment is None:
                continue
            known = labels(dataset.facts, facet.segment, languages)
            values = options_of((key for key, _ in facet.values), known)
            gathered.setdefault(facet.name, {}).update(values)
    return {
        name: {option.key: option for option in by_name(values.values())[:_MOST]}
        for name, values in gathered.items()
    }
