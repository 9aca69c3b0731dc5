"""Candidates: which names are worth comparing, from the three-letter pieces that they share.

Each name is a vector of its pieces, rare ones counting more; the nearest names by cosine are
candidates. One product of sparse matrices a country finds them, whatever was reordered or mistyped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from graph.identities.names import Name

NEAREST = 12  # names that one name is compared with
_LEAST = 0.25  # cosine
_CHUNK = 512  # names of a product, so that it fits into memory
_TOO_FREQUENT = 0.1  # share of names above which a piece tells nothing
_FEW = 200  # names below which no piece is left out
_SIZE = 3
# The letters of names: each piece is a number in this base, and so a column.
_LETTERS = b" 0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_LETTERS)
_COLUMNS = _BASE**_SIZE

# A name by its place, with the country that it is of; none where that is unknown.
Entry = tuple[Name, str]


def candidates(
    entries: Sequence[Entry], others: Sequence[Entry] | None = None
) -> Iterator[tuple[int, int]]:
    """Give pairs of places of names that may be one: in one list, or between two.

    Names of different countries are no candidates; one without a country may be of any. A pair of
    one list is given once, the earlier place first.
    """
    seen: set[tuple[int, int]] = set()
    right = entries if others is None else others
    pieces = _pieces([name for name, _ in entries])
    right_pieces = pieces if others is None else _pieces([name for name, _ in right])
    for left_places, right_places in _blocks(entries, right):
        vectors = _weighted(pieces[left_places], right_pieces[right_places])
        for i, j in _nearest(*vectors):
            pair = (left_places[i], right_places[j])
            if others is None:
                pair = (min(pair), max(pair))
                if pair[0] == pair[1]:
                    continue
            if pair not in seen:
                seen.add(pair)
                yield pair


def _blocks(
    left: Sequence[Entry], right: Sequence[Entry]
) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
    """Divide names by country; those without one are compared with all."""
    lefts, rights = _by_country(left), _by_country(right)
    everything = range(len(right))
    for country, places in lefts.items():
        if country:
            yield places, [*rights.get(country, ()), *rights.get("", ())]
        else:
            yield places, everything


def _by_country(entries: Sequence[Entry]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, (_, country) in enumerate(entries):
        found[country].append(place)
    return found


def _pieces(names: Sequence[Name]) -> csr_matrix:
    """Give the pieces of names as a matrix of ones: a row a name, a column a piece."""
    padded = [f"  {' '.join(sorted(name.words))} ".encode("ascii") for name in names]
    sizes = np.array([len(text) for text in padded], dtype=np.int64)
    digits = np.zeros(256, dtype=np.int32)
    digits[list(_LETTERS)] = np.arange(_BASE)
    letters = digits[np.frombuffer(b"".join(padded), dtype=np.uint8)]
    columns = np.zeros(len(letters), dtype=np.int32)
    for place in range(_SIZE):
        columns = columns * _BASE + np.roll(letters, -place)
    ends = np.cumsum(sizes)
    whole = np.ones(len(letters), dtype=bool)
    for place in range(1, _SIZE):
        whole[ends - place] = False  # it would reach into the next name
    rows = np.repeat(np.arange(len(names)), sizes)[whole]
    shape = (len(names), _COLUMNS)
    made = csr_matrix((np.ones(len(rows)), (rows, columns[whole])), shape=shape)
    made.data[:] = 1.0  # a piece counts once, however often it stands there
    return made


def _weighted(left: csr_matrix, right: csr_matrix) -> tuple[csr_matrix, csr_matrix]:
    """Weigh pieces by how rare they are among both, and give each name the length one."""
    number = len(left.indptr) + len(right.indptr) - 2
    counts = np.bincount(left.indices, minlength=_COLUMNS).astype(np.float64)
    counts += np.bincount(right.indices, minlength=_COLUMNS)
    told = (counts > 0) & (counts <= max(_TOO_FREQUENT * number, _FEW))
    weights = np.zeros(_COLUMNS)
    weights[told] = np.log1p(number / counts[told])
    return _scaled(left, weights), _scaled(right, weights)


def _scaled(pieces: csr_matrix, weights: NDArray[np.float64]) -> csr_matrix:
    values, number = weights[pieces.indices], len(pieces.indptr) - 1
    rows = np.repeat(np.arange(number), np.diff(pieces.indptr))
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=number))
    lengths[lengths == 0] = 1.0
    values = (values / lengths[rows]).astype(np.float32)
    made = csr_matrix((values, pieces.indices, pieces.indptr), shape=(number, _COLUMNS))
    made.eliminate_zeros()
    return made


def _nearest(left: csr_matrix, right: csr_matrix) -> Iterator[tuple[int, int]]:
    turned = right.T.tocsr()
    for begin in range(0, len(left.indptr) - 1, _CHUNK):
        product = (left[begin : begin + _CHUNK] @ turned).tocsr()
        for row in range(len(product.indptr) - 1):
            first, last = product.indptr[row], product.indptr[row + 1]
            values, columns = product.data[first:last], product.indices[first:last]
            near = np.flatnonzero(values >= _LEAST)
            if len(near) > NEAREST:
                near = near[np.argpartition(values[near], -NEAREST)[-NEAREST:]]
            for column in columns[near].tolist():
                yield begin + row, column
