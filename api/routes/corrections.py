"""Corrections: a reader proposes one, without an account, and an editor decides."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.errors import MediaTypeError, TooLargeError
from api.presenting import label_model
from api.protocol import FORM, read_parameters
from api.rendering import page
from graph.corrections import LONGEST, Correction, Corrections, proposed
from graph.entities import Entity, read_entity
from graph.errors import ForbiddenError, ParameterError
from graph.labels import label_of_term
from ontology import expand, properties

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_LARGEST = 20_000  # bytes of what a form sends
_FIELDS = ("predicate", "value", "language", "reason", "source")
# What may be missing of anything, beside what is stated of it.
_OFTEN = tuple(
    map(expand, ("skos:prefLabel", "skos:altLabel", "dcterms:description", "foaf:homepage"))
)
_LINKS = 1  # a form needs no links to the thing

About = Annotated[
    str, Query(max_length=1000, description="Kind and key of a thing, as organisation/ee-kysk.")
]


@router.get("/correct")
async def show_form(reader: CurrentReader, service: CurrentService, about: About) -> Response:
    """Show the form by which a reader proposes a correction of one thing."""
    found = await service.answers.run(partial(_thing, reader, about))
    return _form(reader, about, found, None)


@router.post("/correct")
async def take_correction(
    request: Request, reader: CurrentReader, service: CurrentService, about: About
) -> Response:
    """Keep a correction for review."""
    _check_origin(request)
    given = await _sent(request)
    found = await service.answers.run(partial(_thing, reader, about))
    correction = proposed(reader.dataset.release.number, found.iri, given)
    service.corrections.count(request.client.host if request.client else "")
    await service.answers.run(partial(Corrections(service.settings.home).add, correction))
    return _form(reader, about, found, correction)


def _form(reader: Reader, about: str, found: Entity, taken: Correction | None) -> Response:
    told = dict.fromkeys([*(item.property for item in found.asserted), *_OFTEN])
    return page(
        "correct.html",
        languages=reader.languages,
        about=about,
        label=label_model(found.names[found.iri].label(reader.languages)),
        path=reader.identity.path(found.iri, "page"),
        properties=[
            (iri, label_of_term(iri, reader.languages).text) for iri in told if iri in properties()
        ],
        taken=taken,
        longest=LONGEST,
    )


def _thing(reader: Reader, about: str) -> Entity:
    reference = reader.identity.parse(f"{reader.identity.base}id/{about}")
    if reference is None:
        raise ParameterError(f"{about[:80]!r} is no kind and key, such as organisation/ee-kysk")
    return read_entity(reader.dataset.store, reader.identity, reference, limit=_LINKS)


async def _sent(request: Request) -> dict[str, str]:
    """Read the fields of the form; each once, and no others."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise MediaTypeError(f"a correction is sent as {FORM}")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise TooLargeError(f"a correction of more than {_LARGEST} bytes is not taken")
    fields = read_parameters(body)
    unknown = sorted(set(fields) - set(_FIELDS))
    if unknown or any(len(values) > 1 for values in fields.values()):
        raise ParameterError(f"the fields of a correction are {', '.join(_FIELDS)}, each once")
    return {name: values[0] for name, values in fields.items()}


def _check_origin(request: Request) -> None:
    """Refuse what a page of another host makes a browser send."""
    origin = request.headers.get("origin")
    if origin not in {None, "null"} and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError("corrections are sent from the pages of this service only")
