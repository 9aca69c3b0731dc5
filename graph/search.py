"""Search over the names of everything: by words and beginnings, accents and scripts folded.

The one module that knows tantivy. Names and questions are written in the letters a to z before
they are compared, so that `kardits` finds Αναπτυξιακή Καρδίτσας.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import tantivy
from anyascii import anyascii

from graph.errors import StorageError, disk_error

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")  # letters and digits, and accents on their own
_MAX_WORDS = 12
_LONGEST = 60  # letters of a word; no name has longer ones, and long patterns are refused
_HEAP = 15_000_000  # bytes for a few changed names; the least that the index takes
_FEW_WORDS = 3  # of a question of which each may be a beginning, or hold an error
_ASKED = 2  # names asked of the index for each entity wanted, as some have several
_MORE = 4  # times as many, where so many names were of too few entities
_LONG = 8  # letters of a word that may hold two errors
_BEGINNING = 6  # letters of a beginning that may hold one
_SHORT = 4  # letters of a word that may hold one
_COMMON = 1_000  # names that hold a word of very many names, or a hundredth of all
_RARE = 20  # names that hold a word which may be an error of another, or a ten-thousandth of all
_ROOM = 1_500_000_000  # bytes that a build takes at most: parts of an index are each searched


class _Way(IntEnum):
    """How near a word of a name has to be to one of the question; each takes in those before."""

    EXACT = 0
    BEGUN = 1
    ONE_ERROR = 2
    TWO_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entity, in one language, as it is indexed."""

    iri: str
    segment: str
    name: str
    language: str
    preferred: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity found by one of its names; the higher the score the better the match.

    `preferred` holds all of its preferred names, each with its language.
    """

    iri: str
    segment: str
    name: str
    language: str
    score: float
    preferred: tuple[tuple[str, str], ...] = ()


def folded(text: str) -> Iterator[str]:
    """Give the words of a text in small letters a to z and digits, whatever their script."""
    for word in _WORD.findall(text):
        latin = _latin(word)
        if latin:
            yield latin


@lru_cache(maxsize=100_000)  # names are made of the same words again and again
def _latin(word: str) -> str:
    # Signs for letters without sound, such as the apostrophe of ь, would part the word.
    return re.sub(r"[^0-9a-z]", "", anyascii(word).lower())[:_LONGEST]


class SearchIndex:
    """The index of names in one release folder."""

    def __init__(self, index: tantivy.Index) -> None:
        # A release never changes: nothing has to watch its files.
        index.config_reader(reload_policy="manual")
        index.reload()
        self._index = index

    @classmethod
    def build(cls, path: Path, names: Iterable[Name]) -> SearchIndex:
        """Write the index of the names to a new folder; StorageError if the disk refuses.

        The names of an entity follow each other.
        """
        try:
            path.mkdir(parents=True)
            index = tantivy.Index(_schema(), path=str(path))
            writer = index.writer(heap_size=_ROOM, num_threads=1)
            for _, found in groupby(names, key=attrgetter("iri")):
                for document in _documents(found):
                    writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise disk_error(path, error) from error
        return cls(index)

    @classmethod
    def follow(cls, path: Path, earlier: Path, names: Mapping[str, Iterable[Name]]) -> None:
        """Write an index to a new folder that differs from an earlier one in some entities.

        `names` holds all names of each entity that changed. Segments are shared by hard links:
        they are never written again. StorageError if the disk refuses.
        """
        try:
            path.mkdir(parents=True)
            for file in earlier.iterdir():
                if file.suffix == ".json":
                    shutil.copyfile(file, path / file.name)
                elif file.suffix != ".lock":
                    (path / file.name).hardlink_to(file)
            writer = tantivy.Index.open(str(path)).writer(heap_size=_HEAP, num_threads=1)
            for iri, found in names.items():
                writer.delete_documents_by_term("iri", iri)
                for document in _documents(found):
                    writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise disk_error(path, error) from error

    @classmethod
    def open(cls, path: Path) -> SearchIndex:
        """Open an index for reading; StorageError if it is missing or damaged."""
        try:
            return cls(tantivy.Index.open(str(path)))
        except (OSError, ValueError) as error:
            told = " ".join(str(error).split())
            raise StorageError(f"the search index in {path} cannot be read: {told}") from error

    def search(self, words: str, *, segment: str | None = None, limit: int = 20) -> list[Hit]:
        """Find entities whose name holds every word or a beginning of it.

        Words of four letters and more, and beginnings of six, may hold one typing error and, if
        that finds nothing, words of eight and more two. What holds no error stands first; errors
        are looked for in words that stand in no name, and in others if that finds nothing. Of more
        than three words, those that stand in names are taken as they are, but for rare ones where
        nothing is found otherwise. Each entity comes once, with its best name; ties are broken by
        whether that is preferred, by its length and by IRI. No more than the first 12 words are
        looked at.
        """
        tokens = list(dict.fromkeys(folded(words[: _MAX_WORDS * 2 * _LONGEST])))[:_MAX_WORDS]
        found: dict[str, Hit] = {}
        for way in self._ways(tokens) if limit > 0 else ():
            least = min((hit.score for hit in found.values()), default=None)
            more = self._hits(self._query(way, segment), limit)
            for hit in more:
                score = hit.score if least is None else min(hit.score, least)
                found.setdefault(hit.iri, replace(hit, score=score))
            enough = len(found) >= limit or len(tokens) > _FEW_WORDS
            if more and (enough or max(way.values()) > _Way.BEGUN):
                break
        return list(found.values())[:limit]

    def _ways(self, tokens: Sequence[str]) -> Iterator[Mapping[str, _Way]]:
        """Give how near each word has to be, the nearest way first.

        Words of very many names are taken as they are, unless they are the last: what they may
        begin, or stand for, would be most of the index.
        """
        if not tokens:
            return
        searcher = self._index.searcher()
        names = {token: searcher.doc_freq("words", token) for token in tokens}
        strange = tuple(token for token in tokens if not names[token])
        many = len(tokens) > _FEW_WORDS
        if not strange:
            yield dict.fromkeys(tokens, _Way.EXACT)
        common = 0 if many else max(searcher.num_docs // 100, _COMMON)
        taken = {token for token in tokens[:-1] if names[token] > common}
        begun = {token: _Way.EXACT if token in taken else _Way.BEGUN for token in tokens}
        yield begun
        rare = max(searcher.num_docs // 10_000, _RARE)
        doubted = tuple(
            token for token in tokens if token not in taken or (many and names[token] <= rare)
        )
        for wrong in dict.fromkeys((strange, doubted)):
            right = {token: way for token, way in begun.items() if token not in wrong}
            if not self._stand_together(right):
                continue  # to look for words with errors takes ten times as long
            longest = max(map(len, wrong), default=0)
            if longest >= _SHORT:
                yield begun | dict.fromkeys(wrong, _Way.ONE_ERROR)
            if longest >= _LONG:
                yield begun | dict.fromkeys(wrong, _Way.TWO_ERRORS)

    def _stand_together(self, words: Mapping[str, _Way]) -> bool:
        """Tell whether some name holds all of these words."""
        if len(words) < 2:  # noqa: PLR2004  # one is asked for soon enough
            return True
        return bool(self._index.searcher().search(self._query(words, None), 1, count=False).hits)

    def _hits(self, query: tantivy.Query, limit: int) -> list[Hit]:
        """Give the best entities, each with its best name."""
        searcher = self._index.searcher()
        asked = min(limit * _ASKED, searcher.num_docs)
        while asked:
            found = searcher.search(query, limit=asked, count=False).hits
            best = _best(searcher, found, limit)
            if len(best) >= limit or len(found) < asked or asked == searcher.num_docs:
                return sorted(best.values(), key=_rank)[:limit]
            # Few entities with many names each: the others stand further down.
            asked = min(asked * _MORE, searcher.num_docs)
        return []

    def _query(self, way: Mapping[str, _Way], segment: str | None) -> tantivy.Query:
        schema = self._index.schema
        must = tantivy.Occur.Must
        clauses = [(must, _word(schema, *item)) for item in way.items()]
        if segment is not None:
            of = tantivy.Query.term_query(schema, "segment", segment)
            clauses.append((must, tantivy.Query.const_score_query(of, 0.0)))
        return tantivy.Query.boolean_query(clauses)


def _best(
    searcher: tantivy.Searcher, found: Iterable[tuple[float, tantivy.DocAddress]], limit: int
) -> dict[str, Hit]:
    """Give entities with their best name, no more of them than can be among the best `limit`."""
    best: dict[str, Hit] = {}
    least = 0.0
    for scored, address in found:
        score = round(scored, 6)
        if len(best) >= limit and score < least:
            break  # reading what a name is of takes longer than finding it
        stored = searcher.doc(address)
        name, *names = zip(stored.get_all("name"), stored.get_all("language"), strict=True)
        (iri,), (segment,) = stored.get_all("iri"), stored.get_all("segment")
        hit = Hit(iri, segment, *name, score, tuple(names))
        if hit.iri not in best:
            best[hit.iri], least = hit, score
        elif _rank(hit) < _rank(best[hit.iri]):
            best[hit.iri] = hit
    return best


def _rank(hit: Hit) -> tuple[float, bool, int, str, str, str]:
    other = (hit.name, hit.language) not in hit.preferred
    return -hit.score, other, len(hit.name), hit.iri, hit.name, hit.language


def _word(schema: tantivy.Schema, token: str, way: _Way) -> tantivy.Query:
    should = tantivy.Occur.Should
    exact = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "words", token), 4.0)
    if way == _Way.EXACT:
        return exact
    ways = [(should, exact)]
    if len(token) > 1:
        # Without errors: a pattern says the same, and takes 0.3 ms to be read.
        beginning = tantivy.Query.fuzzy_term_query(schema, "words", token, distance=0, prefix=True)
        ways.append((should, tantivy.Query.boost_query(beginning, 2.0)))
    if way >= _Way.ONE_ERROR and len(token) >= _SHORT:
        distance = 2 if way == _Way.TWO_ERRORS and len(token) >= _LONG else 1
        near = tantivy.Query.fuzzy_term_query(schema, "words", token, distance=distance)
        ways.append((should, near))
        if len(token) >= _BEGINNING:
            # One that is still being typed may hold an error as well.
            begun = tantivy.Query.fuzzy_term_query(schema, "words", token, distance=1, prefix=True)
            ways.append((should, tantivy.Query.boost_query(begun, 0.5)))
    return tantivy.Query.boolean_query(ways)


def _documents(names: Iterable[Name]) -> Iterator[tantivy.Document]:
    """Give the documents of the names of one entity, each with its preferred names beside."""
    found = list(names)
    preferred = [name for name in found if name.preferred]
    for name in found:
        yield tantivy.Document(
            iri=name.iri,
            segment=name.segment,
            name=[item.name for item in (name, *preferred)],
            words=" ".join(folded(name.name)),
            language=[item.language for item in (name, *preferred)],
        )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("iri", "segment", "name", "language"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
