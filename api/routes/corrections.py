"""Corrections: a reader proposes one, without an account, and an editor decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response

from api.dependencies import (
    CurrentReader,
    CurrentService,
    KnownParameters,
    Languages,
    Reader,
)
from api.posting import read_form
from api.presenting import label_model
from api.rendering import page
from graph.corrections import LONGEST, Correction, Corrections, proposed
from graph.entities import read_entity
from graph.entity import Entity, Statement
from graph.errors import ParameterError
from graph.labels import label_of_term
from graph.terms import n3
from ontology import expand, properties

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_FIELDS = ("predicate", "instead", "value", "language", "reason", "source")
# What may be missing of anything, beside what is stated of it.
_OFTEN = tuple(
    map(expand, ("skos:prefLabel", "skos:altLabel", "dcterms:description", "foaf:homepage"))
)
_LINKS = 1  # a form needs no links to the thing

About = Annotated[
    str, Query(max_length=1000, description="Kind and key of a thing, as organisation/ee-kysk.")
]
_LONGEST_PAGE = 1000  # characters of the address of a page
_PAGE = re.compile(r"/(?!/)[^\s#?]*")
PageAddress = Annotated[
    str | None,
    Query(alias="page", max_length=_LONGEST_PAGE, pattern=r"^/([^/\s#][^\s#]*)?$"),
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
    given = await _sent(request)
    found = await service.answers.run(partial(_thing, reader, about))
    number, given = reader.dataset.release.number, _chosen(found, given)
    correction = proposed(reader.identity, number, found.iri, given)
    service.corrections.count(request.client.host if request.client else "")
    await service.answers.run(partial(Corrections(service.settings.home).add, correction))
    return _form(reader, about, found, correction)


@router.get("/correct/page")
async def show_form_of_page(
    request: Request, languages: Languages, address: PageAddress = None
) -> Response:
    """Show the form by which a reader says what is wrong on any page: the one they come from."""
    return _form_of_page(languages, address or _came_from(request), None)


@router.post("/correct/page")
async def take_remark(
    request: Request, reader: CurrentReader, service: CurrentService, address: PageAddress = "/"
) -> Response:
    """Keep what is wrong on a page for review."""
    given = await _sent(request, ("reason", "source"))
    about = f"{reader.identity.base}{(address or '/')[1:]}"
    correction = proposed(reader.identity, reader.dataset.release.number, about, given)
    service.corrections.count(request.client.host if request.client else "")
    await service.answers.run(partial(Corrections(service.settings.home).add, correction))
    return _form_of_page(reader.languages, address or "/", correction)


def _form_of_page(languages: Sequence[str], address: str, taken: Correction | None) -> Response:
    return page(
        "correct_page.html", languages=languages, address=address, taken=taken, longest=LONGEST
    )


def _came_from(request: Request) -> str:
    """Give the page of ours that led here; the start where none did."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host") or not _PAGE.fullmatch(parts.path):
        return "/"
    return f"{parts.path}?{parts.query}"[:_LONGEST_PAGE].rstrip("?")


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
        stated=_stated(reader, found),
        taken=taken,
        longest=LONGEST,
    )


def _stated(reader: Reader, found: Entity) -> dict[str, list[tuple[str, str]]]:
    """Give what is stated of a thing by the label of its property: what to choose, and its text."""
    told: dict[str, list[tuple[str, str]]] = {}
    for item in found.asserted:
        if item.property in properties() and not item.overruled:
            label = label_of_term(item.property, reader.languages).text
            text = item.value.value
            if item.value.kind == "uri" and reader.identity.parse(text) is not None:
                text = found.names[text].label(reader.languages).text
            told.setdefault(label, []).append((_choice(item), text))
    return told


def _choice(item: Statement) -> str:
    return f"<{item.property}> {n3(item.value)}"


def _chosen(found: Entity, given: dict[str, str]) -> dict[str, str]:
    """Read which value is wrong: one that stands there, and of the property that is meant."""
    chosen = given.get("instead", "")
    if not chosen:
        return given
    stated = {_choice(item): item for item in found.asserted}
    item = stated.get(chosen)
    if item is None:
        raise ParameterError("what is wrong is to be one of the values that stand there")
    if given.get("predicate") not in {None, "", item.property}:
        raise ParameterError("the value that is wrong is of another property")
    return {**given, "predicate": item.property, "instead": n3(item.value)}


def _thing(reader: Reader, about: str) -> Entity:
    reference = reader.identity.parse(f"{reader.identity.base}id/{about}")
    if reference is None:
        raise ParameterError(f"{about[:80]!r} is no kind and key, such as organisation/ee-kysk")
    return read_entity(reader.dataset.store, reader.identity, reference, limit=_LINKS)


async def _sent(request: Request, known: Sequence[str] = _FIELDS) -> dict[str, str]:
    """Read the fields of the form; each once, and no others."""
    fields = await read_form(request)
    if set(fields) - set(known):
        raise ParameterError(f"the fields of a correction are {', '.join(known)}")
    return fields
