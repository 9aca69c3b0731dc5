"""Candidates: which names are worth comparing, from the three-letter pieces that they share.

Each name is a vector of its pieces, rare ones counting more; the nearest names by cosine are
candidates. One product of sparse matrices a country finds them, whatever was reordered or mistyped.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix

from graph.identities.names import Name

NEAREST = 12  # names that one name is compared with
_LEAST = 0.25  # cosine
_CHUNK = 512  # names of a product, so that it fits into memory
_TOO_FREQUENT = 0.1  # share of names above which a piece tells nothing
_FEW = 200  # names below which no piece is left out
_SIZE = 3

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
    for left_places, right_places in _blocks(entries, right):
        vectors = _vectors(
            [entries[i][0] for i in left_places], [right[i][0] for i in right_places]
        )
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


def _vectors(left: Sequence[Name], right: Sequence[Name]) -> tuple[csr_matrix, csr_matrix]:
    counted = [[_pieces(name) for name in names] for names in (left, right)]
    frequency = Counter(chain.from_iterable(chain.from_iterable(counted)))
    number = len(left) + len(right)
    most = max(_TOO_FREQUENT * number, _FEW)
    weights = {
        piece: math.log(1 + number / count) for piece, count in frequency.items() if count <= most
    }
    places = {piece: place for place, piece in enumerate(weights)}
    first, second = (_matrix(pieces, weights, places) for pieces in counted)
    return first, second


def _pieces(name: Name) -> set[str]:
    padded = f"  {' '.join(sorted(name.words))} "
    return {padded[i : i + _SIZE] for i in range(len(padded) - _SIZE + 1)}


def _matrix(
    counted: Sequence[set[str]], weights: Mapping[str, float], places: Mapping[str, int]
) -> csr_matrix:
    starts, columns, values = [0], [], []
    for pieces in counted:
        kept = sorted(piece for piece in pieces if piece in weights)
        length = math.sqrt(sum(weights[piece] ** 2 for piece in kept)) or 1.0
        columns += [places[piece] for piece in kept]
        values += [weights[piece] / length for piece in kept]
        starts.append(len(columns))
    shape = (len(counted), max(len(places), 1))
    content = (np.array(values, dtype=np.float32), np.array(columns, dtype=np.int32), starts)
    return csr_matrix(content, shape=shape)


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
