"""The links of a map as columns, so that a million of them are selected from in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO_REASON = -1  # of a link whose solution named none


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two nodes by number: the weight of each reason, by its number."""

    source: int
    target: int
    reasons: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """Links in columns: the ends of each by the numbers of nodes, and its reasons.

    Those of link i stand in `reason` and `weight` from `first[i]` to before `first[i + 1]`; every
    link has one at least, which is `NO_REASON` where none was named.
    """

    source: Numbers
    target: Numbers
    first: Integers
    reason: Numbers
    weight: Floats

    @classmethod
    def of(cls, ties: Iterable[Tie]) -> Ties:
        """Set links in columns."""
        held = list(ties)
        reasons = [reason for tie in held for reason in tie.reasons]
        return cls(
            np.array([tie.source for tie in held], np.int32),
            np.array([tie.target for tie in held], np.int32),
            np.cumsum([0, *(len(tie.reasons) for tie in held)], dtype=np.int64),
            np.array([number for number, _ in reasons], np.int32),
            np.array([weight for _, weight in reasons], np.float64),
        )

    def __len__(self) -> int:
        return len(self.source)

    def __iter__(self) -> Iterator[Tie]:
        first, reason, weight = self.first.tolist(), self.reason.tolist(), self.weight.tolist()
        ends = zip(self.source.tolist(), self.target.tolist(), strict=True)
        for at, (source, target) in enumerate(ends):
            held = slice(first[at], first[at + 1])
            yield Tie(source, target, tuple(zip(reason[held], weight[held], strict=True)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ties) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]  # columns are compared, not looked up

    def weights(self) -> Floats:
        """Add the weights of the reasons of each link."""
        return np.add.reduceat(self.weight, self.first[:-1]) if len(self) else self.weight

    def holders(self) -> Integers:
        """Give the place of the link of each reason."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def among(self, kept: Bools) -> Ties:
        """Keep some of the links."""
        return self._with(kept, kept[self.holders()])

    def because(self, kept: Bools) -> Ties:
        """Keep some of the reasons; a link of which none is kept goes, too."""
        left = np.bincount(self.holders()[kept], minlength=len(self)) > 0
        return self._with(left, kept)

    def _with(self, links: Bools, reasons: Bools) -> Ties:
        counts = np.bincount(self.holders()[reasons], minlength=len(self))[links]
        return Ties(
            self.source[links],
            self.target[links],
            np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)]),
            self.reason[reasons],
            self.weight[reasons],
        )


def distinct(numbers: Integers) -> Integers:
    """Give the different numbers in order.

    Sorted first, a million in no order take a tenth of the time that they take `np.unique`.
    """
    found = np.sort(numbers)
    return found[np.diff(found, prepend=found[:1] - 1) > 0]


def shared(members: Integers, reasons: Integers, nodes: int) -> Ties:
    """Link those that share a reason: each pair once, with all that it shares.

    `members` and `reasons` say who has what, each line once and in the order of reasons, then
    members; nodes are numbered below `nodes`.
    """
    cuts = np.flatnonzero(np.diff(reasons)) + 1
    starts = np.concatenate([np.zeros(1, np.int64), cuts])
    sizes = np.diff(np.concatenate([starts, np.array([len(reasons)])]))
    keys, why = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(sizes[sizes > 1]).tolist():
        begin = starts[sizes == size]
        one, two = np.triu_indices(size, 1)
        held = members[begin[:, None] + np.arange(size)]
        keys.append((held[:, one] * nodes + held[:, two]).ravel())
        why.append(np.repeat(reasons[begin], len(one)))
    key, reason = np.concatenate(keys), np.concatenate(why)
    order = np.lexsort((reason, key))
    key, reason = key[order], reason[order]
    pairs, first = np.unique(key, return_index=True)
    return Ties(
        (pairs // max(nodes, 1)).astype(np.int32),
        (pairs % max(nodes, 1)).astype(np.int32),
        np.concatenate([first, [len(key)]]).astype(np.int64),
        reason.astype(np.int32),
        np.ones(len(reason)),
    )
