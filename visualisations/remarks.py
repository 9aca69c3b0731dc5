"""What is said about a network: what its measures mean, and what a reader should know."""

from __future__ import annotations

from dataclasses import dataclass

from graph.networks.measuring import Measures
from visualisations.prepared import DRAWN, LINKS
from visualisations.shaping import MOST, MOST_LINKS, Shape
from visualisations.wording import Wording


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of nodes: its name in documents and for readers, and what it means.

    Where it is not exact, `sampled` is the number of nodes from which it was computed, and
    `error` the largest half-width of a 95 % interval.
    """

    name: str
    label: str
    explanation: str
    exact: bool = True
    sampled: int | None = None
    error: float | None = None


def explained(measures: Measures, weight: str, words: Wording) -> tuple[Measure, ...]:
    """Explain the measures; `weight` is what the weight of a link counts."""
    say, between = words.gettext, measures.betweenness
    return (
        Measure("degree", say("Neighbours"), say("How many others it is linked with.")),
        Measure(
            "strength",
            say("Strength"),
            say("The weights of its links together; a weight counts: %(weight)s.")
            % {"weight": weight},
        ),
        Measure(
            "betweenness",
            say("Lies between"),
            say(
                "The share of the shortest ways between two others that lead through it: high "
                "where it brings together those who would otherwise be far apart."
            ),
            between.sampled is None,
            between.sampled,
            between.error,
        ),
        Measure(
            "constraint",
            say("Constraint"),
            say(
                "How much its neighbours know one another already (Burt): low where it spans "
                "gaps between them. Unknown for those who have no neighbours."
            ),
        ),
        Measure(
            "core",
            say("Core"),
            say(
                "The largest number k such that it belongs to a set in which everyone is linked "
                "with at least k others of the set."
            ),
        ),
        Measure(
            "community",
            say("Group"),
            say(
                "One possible division into groups with many links inside and few between. "
                "Others are as good: stability tells how much they agree."
            ),
        ),
    )


def remarks(made: Shape, words: Wording) -> tuple[str, ...]:
    """Say what a reader should know of what is drawn."""
    say = words.gettext
    values = {
        "nodes": words.number(made.counts.nodes),
        "links": words.number(made.counts.links),
        "told_apart": words.number(LINKS),
        "most_links": words.number(MOST_LINKS),
        "drawn": words.number(DRAWN),
        "most": words.number(MOST),
        "sources": words.number(made.measures.betweenness.sampled or 0),
    }
    known = {
        "collapsed": say(
            "These are %(nodes)s nodes, more than the %(drawn)s that can be told apart: they are "
            "drawn by groups. Open a group, or narrow the map by filters."
        ),
        "dense": say(
            "These are %(links)s links, more than the %(told_apart)s that can be told apart: their "
            "ends are drawn by groups. Open a group, or narrow the map by filters."
        ),
        "narrow": say(
            "These are %(nodes)s nodes and %(links)s links, and at most %(most)s nodes and "
            "%(most_links)s links are drawn one by one: they are drawn by groups. Narrow the map "
            "by filters."
        ),
        "of all": say(
            "Groups are those of the whole map, so that each is found again whatever is asked."
        ),
        "several": say("What has several values counts in the group of each."),
        "unopened": say(
            "Not all groups could be opened: some do not exist, or have too many members."
        ),
        "nothing": say("Nothing fits all of these filters."),
    }
    found = [known[name] % values for name in made.told]
    if made.measures.betweenness.sampled is not None:
        found.append(
            say("“Lies between” is estimated from the ways of %(sources)s nodes.") % values
        )
    return tuple(found)
