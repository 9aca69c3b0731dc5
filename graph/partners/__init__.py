"""Finding partners: who could work with whom on what, ranked, with the paths that say why.

`read_question` checks what is asked, `rank` ranks the organisations of a release by it, and
`reasons` finds the paths in the graph that each rank rests on.
"""

from graph.partners.asking import FILTERS, PERIOD, Question, choices, read_question
from graph.partners.aspects import ASPECTS, HEAVIEST, WHOLE, Aspect
from graph.partners.paths import Hop, Path, Statement
from graph.partners.ranking import Ranking, Standing, rank
from graph.partners.reasons import Proposal, Reason, reasons
from graph.partners.receipts import read_rows

__all__ = [
    "ASPECTS",
    "FILTERS",
    "HEAVIEST",
    "PERIOD",
    "WHOLE",
    "Aspect",
    "Hop",
    "Path",
    "Proposal",
    "Question",
    "Ranking",
    "Reason",
    "Standing",
    "Statement",
    "choices",
    "rank",
    "read_question",
    "read_rows",
    "reasons",
]
