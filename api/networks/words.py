"""What the scripts of a network's page say, in the reader's language."""

from __future__ import annotations

from visualisations.wording import Wording


def words_of(words: Wording) -> dict[str, str]:
    """Give the words by the names that scripts know them by; `%(name)s` is filled in there."""
    say = words.gettext
    return {
        "all-years": say("All years"),
        "and-before": say("and all before"),
        "around": say("up to %(number)s steps around it"),
        "around-one": say("%(number)s step around it"),
        "between": say("%(one)s and %(other)s"),
        "chosen": say("%(name)s, %(kind)s, %(number)s neighbours"),
        "closer": say("Closer"),
        "facts": say("Facts"),
        "farther": say("Farther"),
        "fill": say("Full screen"),
        "find": say("Find in the network"),
        "go": say("Find"),
        "gone": say("The service cannot be reached. What is shown stays; try again in a while."),
        "leave": say("Close"),
        "left": say("Nothing is chosen."),
        "members": say("%(number)s members"),
        "merged": say("%(number)s links in one"),
        "more": say("and %(number)s more"),
        "machine": say("machine translation"),
        "translated": say("translation"),
        "neighbours": say("Neighbours: %(number)s"),
        "next-year": say("Next year"),
        "no-neighbour": say("No neighbour lies that way."),
        "nobody": say("Nothing here is called “%(name)s”."),
        "nothing-undone": say("There is nothing to undo."),
        "only-around": say("Only what is around it, in steps:"),
        "open": say("Open: draw its members"),
        "page": say("Its page: all facts and sources"),
        "play-years": say("Play year by year"),
        "rank": say("(rank %(rank)s of %(total)s)"),
        "row": say("row %(number)s"),
        "rows": say("Why, and the rows that say so"),
        "size": say("Size of the drawing"),
        "sources": say("Rows it comes from: %(number)s"),
        "stage": say("Network: walk with the arrow keys"),
        "stop-years": say("Stop"),
        "then": say("%(years)s: %(nodes)s nodes and %(links)s links"),
        "undo": say("Undo"),
        "way-from": say("Way from here to …"),
        "way-to": say("Choose the other end of the way from %(name)s."),
        "whole": say("Whole network"),
        "year": say("Year"),
    }
