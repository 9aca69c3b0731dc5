"""What routes ask for, as annotations: their signatures read as a vocabulary."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.answers import Answers, Served
from api.dumps import Dumps
from api.limiting import Limiter
from api.negotiation import languages
from api.observing import Observer
from api.pool import Pool
from api.presenting import Presenter
from api.settings import Settings
from api.switching import LONGEST_TAG, TAG, ReaderLanguages
from graph.catalogue import Catalogue
from graph.dataset import Dataset
from graph.errors import ParameterError
from graph.identity import Identity
from graph.labels import read_names
from graph.search import Hit
from graph.terms import text
from ontology import expand

_NAME = expand("skos:prefLabel")


@dataclass(frozen=True, slots=True)
class Service:
    """What all requests of one process share."""

    settings: Settings
    served: Served
    answers: Answers
    pool: Pool
    catalogue: Catalogue
    observer: Observer
    dumps: Dumps = field(default_factory=Dumps)
    corrections: Limiter = field(default_factory=Limiter)


# Asynchronous, though most wait for nothing: each that is not is handed to a thread of its own.
async def _service(request: Request) -> Service:
    service = request.app.state.service
    if not isinstance(service, Service):
        raise TypeError("the application was made without its service")
    return service


CurrentService = Annotated[Service, Depends(_service)]


ReleaseNumber = Annotated[
    int | None,
    Query(
        alias="release",
        ge=1,
        le=10**18 - 1,
        description="Number of a kept release to ask, instead of the served one.",
    ),
]


async def _dataset(service: CurrentService, release: ReleaseNumber = None) -> Dataset:
    return await service.answers.dataset_of(release)


CurrentDataset = Annotated[Dataset, Depends(_dataset)]
# For a page that is the same of all releases, and leads on to those of the one in its address.
OfRelease = Depends(_dataset)


LanguageTag = Annotated[
    str | None,
    Query(
        description="Language of the labels, before those of Accept-Language.",
        examples=["et"],
        pattern=TAG,
        max_length=LONGEST_TAG,
    ),
]


async def _languages(request: Request, lang: LanguageTag = None) -> ReaderLanguages:
    accepted = languages(request.headers.get("accept-language", ""))
    return ReaderLanguages.of(accepted, request.scope["query_string"].decode("latin-1"), lang)


Languages = Annotated[ReaderLanguages, Depends(_languages)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the served release for one request and presents it in its languages."""

    dataset: Dataset
    languages: ReaderLanguages
    links: int

    @property
    def identity(self) -> Identity:
        """Give the identity under whose base the release was built."""
        return self.dataset.identity

    def presenter(self, things: Sequence[str]) -> Presenter:
        """Read the names of things and give what presents them."""
        names = read_names(self.dataset.store, self.identity, things)
        return Presenter(self.identity, names, self.languages)

    def presenter_of(self, hits: Sequence[Hit]) -> Presenter:
        """Give what presents things that were found by a name: that came with the preferred ones.

        Reading these would take longer than finding them.
        """
        known = {
            hit.iri: [(_NAME, text(name, language)) for name, language in hit.preferred]
            for hit in hits
            if hit.preferred
        }
        things = [hit.iri for hit in hits]
        names = read_names(self.dataset.store, self.identity, things, known)
        return Presenter(self.identity, names, self.languages)


# One for all: the framework takes a tenth of a millisecond for each dependency of another.
async def _reader(
    request: Request, release: ReleaseNumber = None, lang: LanguageTag = None
) -> Reader:
    service = await _service(request)
    dataset = await _dataset(service, release)
    return Reader(dataset, await _languages(request, lang), service.settings.links)


CurrentReader = Annotated[Reader, Depends(_reader)]


def _counts(service: CurrentService, dataset: CurrentDataset) -> Mapping[str, int]:
    return service.served.counts(dataset)


Counts = Annotated[Mapping[str, int], Depends(_counts)]


async def known_parameters(request: Request) -> None:
    """Refuse parameters that the operation does not document, naming the nearest."""
    route = request.scope["route"]
    if not isinstance(route, APIRoute):
        return
    known = set(_query_names(route.dependant))
    known.update(item["name"] for item in (route.openapi_extra or {}).get("parameters", ()))
    for name in request.query_params:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            listed = ", ".join(sorted(known)) or "none"
            raise ParameterError(f"there is no parameter “{name[:80]}”{hint} (there are: {listed})")
    for name in known:
        if len(request.query_params.getlist(name)) > 1:
            raise ParameterError(f"the parameter {name} is given more than once")


def _query_names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        yield parameter.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)


KnownParameters = Depends(known_parameters)
