"""Search over the names of everything: by words and beginnings, accents folded.

The one module that knows tantivy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tantivy

_ANALYSER = "folded"
_WORD = re.compile(r"\w+")
_MAX_WORDS = 12


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


class SearchIndex:
    """The index of names in one release folder."""

    def __init__(self, index: tantivy.Index) -> None:
        index.register_tokenizer(_ANALYSER, _analyser())
        self._index = index

    @classmethod
    def build(cls, path: Path, names: Iterable[Name]) -> SearchIndex:
        """Write the index of the names to a new folder."""
        path.mkdir(parents=True)
        made = cls(tantivy.Index(_schema(), path=str(path)))
        writer = made._index.writer(num_threads=1)  # our own, just made
        for name in names:
            writer.add_document(
                tantivy.Document(
                    iri=name.iri,
                    segment=name.segment,
                    name=name.name,
                    language=name.language,
                    preferred=int(name.preferred),
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        made._index.reload()  # as above
        return made

    @classmethod
    def open(cls, path: Path) -> SearchIndex:
        """Open an index for reading."""
        return cls(tantivy.Index.open(str(path)))

    def search(self, words: str, *, segment: str | None = None, limit: int = 20) -> list[Hit]:
        """Find entities whose name holds every word or a beginning of it.

        Words of four letters and more may hold one typing error, those of eight and more two.
        Each entity comes once, with its best name; ties are broken by name and IRI.
        """
        query = self._query(words, segment)
        if query is None:
            return []
        searcher = self._index.searcher()
        found = searcher.search(query, limit=limit * 4).hits
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
            if hit.iri not in best or best[hit.iri].score < hit.score:
                best[hit.iri] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, len(hit.name), hit.iri))
        return ranked[:limit]

    def _query(self, words: str, segment: str | None) -> tantivy.Query | None:
        tokens = [
            token
            for word in _WORD.findall(words)[:_MAX_WORDS]
            for token in _analyser().analyze(word)
        ]
        if not tokens:
            return None
        schema = self._index.schema
        must = tantivy.Occur.Must
        clauses = [(must, _word(schema, token)) for token in tokens]
        if segment is not None:
            clauses.append((must, tantivy.Query.term_query(schema, "segment", segment)))
        clauses.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "preferred", 1)))
        return tantivy.Query.boolean_query(clauses)


def _word(schema: tantivy.Schema, token: str) -> tantivy.Query:
    should = tantivy.Occur.Should
    exact = tantivy.Query.boost_query(tantivy.Query.term_query(schema, "name", token), 4.0)
    ways = [(should, exact)]
    if len(token) > 1:
        beginning = tantivy.Query.regex_query(schema, "name", f"{re.escape(token)}.*")
        ways.append((should, tantivy.Query.boost_query(beginning, 2.0)))
    distance = 2 if len(token) >= 8 else 1 if len(token) >= 4 else 0  # noqa: PLR2004  # see search
    if distance:
        ways.append(
            (should, tantivy.Query.fuzzy_term_query(schema, "name", token, distance=distance))
        )
    return tantivy.Query.boolean_query(ways)


def _analyser() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw")
    builder.add_text_field("segment", stored=True, tokenizer_name="raw")
    builder.add_text_field("name", stored=True, tokenizer_name=_ANALYSER)
    builder.add_text_field("language", stored=True, tokenizer_name="raw")
    builder.add_integer_field("preferred", indexed=True)
    return builder.build()
