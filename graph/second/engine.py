"""The second engine: opens an image and answers queries from it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from polars.exceptions import PanicException, PolarsError

from graph.engine import Form, Query
from graph.formats import Format
from graph.results import EnoughError, Spool
from graph.second.algebra import UnsuitedError
from graph.second.evaluating import Evaluator
from graph.second.image import Image
from graph.second.reading import read
from graph.second.writing import as_tsv
from graph.store import Choose, rewrite


def accepts(query: Query) -> bool:
    """Tell from its structure whether a query can be asked here, in some 10 to 30 ms."""
    try:
        read(query)
    except UnsuitedError:
        return False
    return True


class Second:
    """Answers queries over the default graph of a release from its image."""

    def __init__(self, image: Image) -> None:
        self._image = image

    @classmethod
    def open(cls, folder: Path) -> Second:
        """Open the image in a folder; StorageError if it is missing or damaged."""
        return cls(Image.open(folder))

    def answer(self, query: Query, form: Format) -> bytes:
        """Answer a SELECT query in one of the formats of results, as the store would.

        Rows are in another order where the query leaves it open. UnsuitedError if the store must
        answer: because of the structure of the query, or because of what the graph holds.
        NotAcceptableError if the format cannot hold the answer.
        """
        operator = read(query)
        try:
            solutions = Evaluator(self._image).evaluate(operator)
            found = as_tsv(self._image, solutions)
        except (PolarsError, PanicException, MemoryError) as error:
            raise UnsuitedError("it needs too much, or cannot be calculated") from error
        return rewrite(found, form)

    def write_answer(self, query: Query, choose: Choose, spool: Spool) -> Format:
        """Answer a SELECT query into a spool, which may cut it; errors are those of `answer`."""
        form = choose(Form.SOLUTIONS)
        body = self.answer(query, form)
        spool.begin(form.name, counted=True)
        with suppress(EnoughError):
            spool.write(body)
        return form
