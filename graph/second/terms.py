"""Compare and read the terms of an image by their numbers."""

from __future__ import annotations

import math
from functools import cached_property

import polars as pl

from graph.second.algebra import UnsuitedError
from graph.second.image import Image, Kind, kind_of
from graph.terms import Term

_READ = 200_000  # terms whose text is read one by one
_NUMBERS = {Kind.INTEGER, Kind.DECIMAL}


class Terms:
    """Answers questions about columns of numbers of terms."""

    def __init__(self, image: Image) -> None:
        self._image = image

    def within(self, terms: pl.Series, first: Kind, last: Kind | None = None) -> bool:
        """Tell whether all bound terms are of a kind, or of the kinds up to a last one."""
        start, end = self._image.range(first, last)
        least, most = terms.min(), terms.max()
        return least is None or (start <= int(str(least)) and int(str(most)) < end)

    def are_texts(self, terms: pl.Series) -> bool:
        """Tell whether all bound terms are texts, plain or tagged."""
        return self.within(terms, Kind.TEXT, Kind.TAGGED)

    def touches(self, terms: pl.Series, kind: Kind) -> bool:
        """Tell whether a bound term is of a kind."""
        return bool(self._between(terms, *self._image.range(kind)).any())

    def check_known(self, terms: pl.Series) -> None:
        """Refuse terms of the kind that is compared by rules of its own."""
        if not self.within(terms, Kind.IRI, Kind.YEAR):
            raise UnsuitedError("a literal of another type")

    def check_ordered(self, terms: pl.Series) -> Kind:
        """Give the one kind of all terms, in which numbers have the order of the terms."""
        for kind in (Kind.IRI, Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YEAR):
            if self.within(terms, kind):
                return kind
        if self.within(terms, Kind.TAGGED):
            least, most = int(str(terms.min())), int(str(terms.max()))
            if self._image.language(least) == self._image.language(most):
                return Kind.TAGGED
        raise UnsuitedError("an order of different kinds of terms")

    def check_comparable(self, name: str, left: pl.Series, right: pl.Series) -> None:
        """Refuse to compare terms of which the numbers do not tell what is asked."""
        if name in {"=", "!="} and all(
            self.within(side, Kind.IRI, Kind.TAGGED) for side in (left, right)
        ):
            return
        for kind in (Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YEAR):
            if self.within(left, kind) and self.within(right, kind):
                return
        raise UnsuitedError("a comparison of different kinds of terms")

    def compared(self, name: str, terms: pl.Series, constant: Term) -> pl.Series:
        """Compare terms with a constant: null where that is an error."""
        kind = kind_of(constant)
        if kind in _NUMBERS:
            return self._compared_number(name, terms, constant)
        if name in {"=", "!="} and kind.value <= Kind.TAGGED.value:
            if kind is not Kind.IRI and not self.within(terms, Kind.IRI, Kind.TAGGED):
                raise UnsuitedError("a comparison of different types of literals")
            self.check_known(terms)
            number = self._image.find(constant)
            found = self._between(terms, *((0, 0) if number is None else (number, number + 1)))
            return found if name == "=" else ~found
        if kind not in {Kind.TEXT, Kind.DATE, Kind.YEAR} or not self.within(terms, kind):
            raise UnsuitedError("a comparison of different kinds of terms")
        start, end = self._image.range(kind)
        place = self._image.place(constant.value, start, end)
        equal = place < end and self._image.value(place) == constant.value
        return self._ordered(name, terms, (start, place, place + equal, end))

    def texts(self, terms: pl.Series, *, of_all: bool) -> pl.Series:
        """Give the values of texts, and of all but blank nodes where `of_all`: others are null."""
        start, end = self._image.range(Kind.TEXT, Kind.TAGGED)
        if self.within(terms, Kind.TEXT, Kind.TAGGED) and not terms.null_count():
            return self._gathered(terms, start)
        self.check_known(terms)
        unique = terms.drop_nulls().unique()
        mine = unique.filter(self._between(unique, start, end))
        known = [pl.DataFrame({"t": mine, "v": self._gathered(mine, start)})]
        if of_all:
            blank = self._between(unique, *self._image.range(Kind.BLANK))
            rest = unique.filter(~self._between(unique, start, end) & ~blank)
            if len(rest) > _READ:
                raise UnsuitedError("texts of many terms")
            read = [self._image.value(number) for number in rest.to_list()]
            known.append(pl.DataFrame({"t": rest, "v": pl.Series(read, dtype=pl.String)}))
        values = pl.concat(known)
        column = terms.alias("t").to_frame()
        return column.join(values, on="t", how="left", maintain_order="left")["v"]

    def years(self, terms: pl.Series) -> pl.Series:
        """Give the year of dates and years; of known other terms it is an error."""
        self.check_known(terms)
        start, _ = self._image.range(Kind.DATE)
        inside = self._between(terms, *self._image.range(Kind.DATE, Kind.YEAR))
        places = (terms - start).set(~inside, None) if not inside.all() else terms - start
        return self._years.gather(places)

    def is_of(self, name: str, terms: pl.Series) -> pl.Series:
        """Tell of each bound term whether it is an IRI, a blank node or a literal."""
        if name == "isliteral":
            self.check_known(terms)
        kinds = {"isiri": (Kind.IRI, Kind.IRI), "isblank": (Kind.BLANK, Kind.BLANK)}
        first, last = kinds.get(name, (Kind.TEXT, Kind.OTHER))
        return self._between(terms, *self._image.range(first, last))

    def in_language(self, terms: pl.Series, wanted: str, *, wide: bool) -> pl.Series:
        """Tell whether the language of a literal is the wanted one, or of its range if `wide`.

        Of what is no literal, that is an error.
        """
        self.check_known(terms)
        found = self._between(terms, 0, 0)
        for tag, start, end in self._image.layout.languages:
            if _matches(tag, wanted, wide=wide):
                found |= self._between(terms, start, end)
        if not wanted and not wide:
            found = ~self._between(terms, *self._image.range(Kind.TAGGED))
        literals = self._image.range(Kind.TEXT, Kind.OTHER)
        if self.within(terms, Kind.TEXT, Kind.OTHER):
            return found
        return found.set(~self._between(terms, *literals), None)

    @cached_property
    def _years(self) -> pl.Series:
        start, end = self._image.range(Kind.DATE, Kind.YEAR)
        if end - start > _READ:
            raise UnsuitedError("years of many dates")
        return pl.Series([int(self._image.value(n)[:4]) for n in range(start, end)], dtype=pl.Int64)

    def _compared_number(self, name: str, terms: pl.Series, constant: Term) -> pl.Series:
        if not self.within(terms, Kind.INTEGER, Kind.DECIMAL):
            raise UnsuitedError("a comparison of numbers with other terms")
        found = []
        for own in (Kind.INTEGER, Kind.DECIMAL):
            exact = self._image.units(constant.value, own)
            whole = math.floor(exact)
            above = self._image.find_number(whole + 1, own)
            place = above if exact != whole else self._image.find_number(whole, own)
            start, end = self._image.range(own)
            if start < end:
                found.append(self._ordered(name, terms, (start, place, above, end)))
        if len(found) == 1:
            return found[0]
        if not found:  # no number at all: what is bound is none
            return self._between(terms, 0, 0)
        return found[0] & found[1] if name == "!=" else found[0] | found[1]

    def _ordered(self, name: str, terms: pl.Series, places: tuple[int, int, int, int]) -> pl.Series:
        """Compare by numbers: those of a kind begin, are equal, are greater, and end at places."""
        start, equal, greater, end = places
        match name:
            case "=":
                return self._between(terms, equal, greater)
            case "!=":
                return ~self._between(terms, equal, greater)
            case "<":
                return self._between(terms, start, equal)
            case "<=":
                return self._between(terms, start, greater)
            case ">":
                return self._between(terms, greater, end)
        return self._between(terms, equal, end)

    def _between(self, terms: pl.Series, start: int, end: int) -> pl.Series:
        return (terms >= start) & (terms < end)

    def _gathered(self, terms: pl.Series, start: int) -> pl.Series:
        count = len(terms)
        if count and int(terms[-1]) - int(terms[0]) + 1 == count and terms.is_sorted():
            return self._image.texts.slice(int(terms[0]) - start, count)
        return self._image.texts.gather(terms - start)


def _matches(tag: str, wanted: str, *, wide: bool) -> bool:
    if not wide:
        return tag == wanted
    low = wanted.lower()
    return low in {"*", tag} or tag.startswith(f"{low}-")
