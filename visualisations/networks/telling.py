"""What a drawing of a network shows, in words: made of the same view, so that they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from visualisations.drawn import View
from visualisations.networks.spans import Begun
from visualisations.wording import Wording

_KINDS = 4  # that are counted by name; the legend has all
_TO = " \N{RIGHTWARDS ARROW} "


def alternative(view: View, words: Wording, kept: Begun | None = None) -> str:
    """Say what a network shows: how many nodes and links, in which parts, and who stands out.

    Kept to some years, it says how many began then, and who is most connected among these.
    """
    found = _sentences(view, words) if kept is None else _then(view, words, kept)
    return " ".join(found)


def _sentences(view: View, words: Wording) -> Iterator[str]:
    if not view.nodes:
        yield words.gettext("Nothing fits what was asked.")
        return
    yield _size(view, words)
    yield from _countries(view, words)
    yield from _parts(view, words)
    yield from _standing_out(view, words)
    yield from _way(view, words)


def _then(view: View, words: Wording, kept: Begun) -> Iterator[str]:
    if view.nodes:
        yield _size(view, words)
    yield words.gettext(
        "Of these, what began in %(years)s is brought out: %(nodes)s nodes and %(links)s links."
    ) % {
        "years": kept.span,
        "nodes": words.number(len(kept.nodes)),
        "links": words.number(len(kept.weights)),
    }
    degrees = Counter(
        end
        for place in kept.weights
        for end in {view.links[place].source, view.links[place].target}
    )
    if degrees:
        first = min(degrees, key=lambda number: (-degrees[number], number))
        yield words.gettext("The most connected then is %(name)s, with %(number)s links.") % {
            "name": view.nodes[first].label.text,
            "number": words.number(degrees[first]),
        }
    if view.time is not None and view.time.unknown:
        said = words.ngettext(
            "Of %(number)s it is not known when it began.",
            "Of %(number)s it is not known when they began.",
            view.time.unknown,
        )
        yield said % {"number": words.number(view.time.unknown)}


def _size(view: View, words: Wording) -> str:
    counts = [(kind.label.text, kind.count) for kind in view.kinds if kind.count]
    if len(counts) > _KINDS + 1:
        rest = sum(count for _, count in counts[_KINDS:])
        counts = [*counts[:_KINDS], (words.gettext("others"), rest)]
    kinds = ", ".join(f"{kind}: {words.number(count)}" for kind, count in counts)
    nodes = words.ngettext("%(number)s node", "%(number)s nodes", len(view.nodes))
    links = words.ngettext("%(number)s link", "%(number)s links", len(view.links))
    return words.gettext("The drawing shows %(nodes)s (%(kinds)s) and %(links)s.") % {
        "nodes": nodes % {"number": words.number(len(view.nodes))},
        "kinds": kinds,
        "links": links % {"number": words.number(len(view.links))},
    }


def _countries(view: View, words: Wording) -> Iterator[str]:
    found = {key for node in view.nodes for key in node.attributes.get("country", ())}
    if found:
        said = words.ngettext(
            "They are in %(number)s country.", "They are in %(number)s countries.", len(found)
        )
        yield said % {"number": words.number(len(found))}


def _parts(view: View, words: Wording) -> Iterator[str]:
    if view.counts.parts > 1:
        yield words.gettext("It falls into %(number)s parts that no link joins.") % {
            "number": words.number(view.counts.parts)
        }
    if view.counts.alone:
        said = words.ngettext(
            "%(number)s stands alone.", "%(number)s stand alone.", view.counts.alone
        )
        yield said % {"number": words.number(view.counts.alone)}


def _standing_out(view: View, words: Wording) -> Iterator[str]:
    first = max(view.nodes, key=lambda node: (node.degree, -node.number))
    if first.degree:
        said = words.ngettext(
            "The most connected is %(name)s, linked with %(number)s other.",
            "The most connected is %(name)s, linked with %(number)s others.",
            first.degree,
        )
        yield said % {"name": first.label.text, "number": words.number(first.degree)}
    bridge = max(view.nodes, key=lambda node: (node.betweenness or 0.0, -node.number))
    if bridge.betweenness:
        yield words.gettext(
            "Most often in between is %(name)s: %(share)s %% of the shortest ways between two "
            "others lead through it."
        ) % {"name": bridge.label.text, "share": f"{bridge.betweenness * 100:.0f}"}


def _way(view: View, words: Wording) -> Iterator[str]:
    if view.path is None:
        return
    if not view.path.nodes:
        yield words.gettext("No way leads from one of the two to the other.")
        return
    names = [view.nodes[number].label.text for number in view.path.nodes]
    steps = len(names) - 1
    said = words.ngettext(
        "The shortest way has %(number)s step: %(names)s.",
        "The shortest way has %(number)s steps: %(names)s.",
        steps,
    )
    yield said % {"number": words.number(steps), "names": _TO.join(names)}
