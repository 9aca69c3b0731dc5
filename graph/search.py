"""Search over the names of everything: by words and beginnings, accents and scripts folded.

The one module that knows tantivy. Names and questions are written in the letters a to z before
they are compared, so that `kardits` finds Αναπτυξιακή Καρδίτσας.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import tantivy
from anyascii import anyascii

from graph.errors import StorageError, disk_error

_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")  # letters and digits, and accents on their own
_MAX_WORDS = 12
_LONGEST = 60  # letters of a word; no name has longer ones, and long patterns are refused
_HEAP = 15_000_000  # bytes for a few changed names; the least that the index takes
_FEW_WORDS = 3  # of a question that may hold errors though something holds all of its words
_ASKED = 4  # names asked of the index for each entity wanted: most have several


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
    """An entity found by one of its names; the higher the score the better the match."""

    iri: str
    segment: str
    name: str
    language: str
    score: float


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
        """Write the index of the names to a new folder; StorageError if the disk refuses."""
        try:
            path.mkdir(parents=True)
            index = tantivy.Index(_schema(), path=str(path))
            writer = index.writer(num_threads=1)
            for name in names:
                writer.add_document(_document(name))
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
                for name in found:
                    writer.add_document(_document(name))
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

        Words of four letters and more may hold one typing error, those of eight and more two,
        and beginnings of four letters and more one. What holds no error stands first, and more than
        three words that something holds are taken as they are: errors are not looked for then.
        Each entity comes once, with its best name; ties are broken by the length of the name and
        by IRI. No more than the first 12 words are looked at.
        """
        tokens = list(dict.fromkeys(folded(words[: _MAX_WORDS * 2 * _LONGEST])))[:_MAX_WORDS]
        if not tokens or limit < 1:
            return []
        sure = self._hits(self._query(tokens, segment, errors=False), limit)
        if len(sure) >= limit or (sure and len(tokens) > _FEW_WORDS):
            return sure
        known, least = {hit.iri for hit in sure}, min((hit.score for hit in sure), default=None)
        for hit in self._hits(self._query(tokens, segment, errors=True), limit):
            if hit.iri not in known:
                score = hit.score if least is None else min(hit.score, least)
                sure.append(replace(hit, score=score))
        return sure[:limit]

    def _hits(self, query: tantivy.Query, limit: int) -> list[Hit]:
        """Give the best entities, each with its best name."""
        searcher = self._index.searcher()
        asked = min(limit * _ASKED, searcher.num_docs)
        while asked:
            found = searcher.search(query, limit=asked).hits
            best: dict[str, Hit] = {}
            for score, address in found:
                stored = searcher.doc(address).to_dict()
                hit = Hit(
                    stored["iri"][0],
                    stored["segment"][0],
                    stored["name"][0],
                    stored["language"][0],
                    round(float(score), 6),
                )
                if hit.iri not in best or _rank(hit) < _rank(best[hit.iri]):
                    best[hit.iri] = hit
            if len(best) >= limit or len(found) < asked or asked == searcher.num_docs:
                return sorted(best.values(), key=_rank)[:limit]
            # Few entities with many names each: the others stand further down.
            asked = min(asked * _ASKED, searcher.num_docs)
        return []

    def _query(self, tokens: list[str], segment: str | None, *, errors: bool) -> tantivy.Query:
        schema = self._index.schema
        must = tantivy.Occur.Must
        clauses = [(must, _word(schema, token, errors=errors)) for token in tokens]
        if segment is not None:
            clauses.append((must, tantivy.Query.term_query(schema, "segment", segment)))
        clauses.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "preferred", 1)))
        return tantivy.Query.boolean_query(clauses)


def _rank(hit: Hit) -> tuple[float, int, str, str, str]:
    return -hit.score, len(hit.name), hit.iri, hit.name, hit.language


def _word(schema: tantivy.Schema, token: str, *, errors: bool) -> tantivy.Query:
    should = tantivy.Occur.Should
    exact = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "words", token), 4.0)
    ways = [(should, exact)]
    if len(token) > 1:
        # Without errors: a pattern says the same, and takes 0.3 ms to be read.
        beginning = tantivy.Query.fuzzy_term_query(schema, "words", token, distance=0, prefix=True)
        ways.append((should, tantivy.Query.boost_query(beginning, 2.0)))
    distance = 2 if len(token) >= 8 else 1 if len(token) >= 4 else 0  # noqa: PLR2004  # see search
    if distance and errors:
        ways.append(
            (should, tantivy.Query.fuzzy_term_query(schema, "words", token, distance=distance))
        )
        # One that is still being typed may hold an error as well.
        begun = tantivy.Query.fuzzy_term_query(schema, "words", token, distance=1, prefix=True)
        ways.append((should, tantivy.Query.boost_query(begun, 0.5)))
    return tantivy.Query.boolean_query(ways)


def _document(name: Name) -> tantivy.Document:
    return tantivy.Document(
        iri=name.iri,
        segment=name.segment,
        name=name.name,
        words=" ".join(folded(name.name)),
        language=name.language,
        preferred=int(name.preferred),
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw")
    builder.add_text_field("segment", stored=True, tokenizer_name="raw")
    builder.add_text_field("name", stored=True, tokenizer_name="raw")
    builder.add_text_field("words", tokenizer_name="whitespace")
    builder.add_text_field("language", stored=True, tokenizer_name="raw")
    builder.add_integer_field("preferred", indexed=True)
    return builder.build()
