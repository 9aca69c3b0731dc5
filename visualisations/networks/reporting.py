"""The tables of a network as a report has them: plain texts, the most connected first."""

from __future__ import annotations

from visualisations.counting import measured, share
from visualisations.drawn import View
from visualisations.exporting import Table
from visualisations.networks.spans import Begun, drawn_of
from visualisations.wording import Wording


def tables_of(view: View, words: Wording, kept: Begun | None = None) -> tuple[Table, ...]:
    """Give the nodes and the links of a view as tables of texts, as far as it is kept to years."""
    say = words.gettext
    nodes, links = drawn_of(view, kept)
    nodes.sort(key=lambda node: (-node.degree, node.number))
    links.sort(key=lambda link: (-link.weight, link.source, link.target))
    weight = view.spec.weight(words.language).text
    return (
        Table(
            say("Nodes"),
            (say("Name"), say("Kind"), say("Neighbours"), say("Lies between")),
            tuple(
                (
                    node.label.text,
                    view.kinds[node.kind].label.text,
                    words.number(node.degree),
                    share(words, node.betweenness),
                )
                for node in nodes
            ),
            frozenset({2, 3}),
        ),
        Table(
            say("Links"),
            (say("From"), say("To"), weight, say("Why")),
            tuple(
                (
                    view.nodes[link.source].label.text,
                    view.nodes[link.target].label.text,
                    measured(words, link.weight),
                    "; ".join(view.reasons[number].label.text for number in link.reasons),
                )
                for link in links
            ),
            frozenset({2}),
        ),
    )
