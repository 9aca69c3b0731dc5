"""Pages for people: the start, things, and what a release was made of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api.assets import bundle
from api.citation import CITED, ThingCitation
from api.dependencies import Counts, CurrentReader, KnownParameters, Languages
from api.dereferencing import check_withdrawn
from api.errors import PROBLEMS
from api.exchange import Target, exchange_of
from api.linked import MOVED_HEADERS, alternates, moved_to, read_reference, with_query
from api.presenting import Presenter
from api.rendering import page
from api.thing_page import beside
from graph.conforming import as_schema_org
from graph.entities import exists, read_entity
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS
from graph.labels import label_of_term
from graph.report import BuildReport
from ontology import expand, segments, superclasses

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_CONCEPT = expand("skos:Concept")
_SHOWN = 60  # participations, amounts and links: a page is read by people; data holds more


@router.get("/")
def show_start(reader: CurrentReader, counts: Counts) -> Response:
    """Show what this is and where to begin."""
    named = [
        (
            kind,
            label_of_term(class_, reader.languages),
            counts[kind],
            _CONCEPT in superclasses(class_),
        )
        for kind, class_ in segments().items()
        if counts.get(kind)
    ]
    return page(
        "start.html",
        kinds=named,
        release=reader.dataset.release.manifest,
        bundle=bundle("find"),
        languages=reader.languages,
    )


@router.get("/page/{kind}/{key:path}")  # noqa: FAST003  # read as they were sent
def show_thing(request: Request, reader: CurrentReader, target: Target = None) -> Response:
    """Show everything that the release says about one thing."""
    reference = read_reference(request.scope, "page")
    moved = moved_to(reader.dataset.redirects, reference, "page")
    if moved is not None:
        return RedirectResponse(with_query(moved, request.url.query), 301, MOVED_HEADERS)
    check_withdrawn(reader.dataset, reference)
    limit = min(reader.links, _SHOWN)
    found = read_entity(reader.dataset.store, reader.identity, reference, limit=limit)
    exchange = exchange_of(reader.dataset, target)
    presenter = Presenter(reader.identity, found.names, reader.languages, exchange)
    entity = presenter.entity(found)
    response = page(
        "thing.html",
        entity=entity,
        **beside(entity, reader.languages, reader.dataset.release.manifest),
        target=target,
        named=presenter.named(found),
        content=presenter.content(found),
        formats=GRAPH_FORMATS,
        described=as_schema_org(
            found.iri,
            (quad for item in found.statements if not item.overruled for quad in item.quads()),
        ),
        languages=reader.languages,
    )
    response.headers["Link"] = alternates(reference)
    return response


@router.get("/cite/{kind}/{key:path}")  # noqa: FAST003  # read as they were sent
def cite_thing(
    request: Request,
    reader: CurrentReader,
    form: Annotated[str, Query(alias="format")] = "text",
) -> Response:
    """Cite what the release says about a thing as text, BibTeX or CSL-JSON."""
    reference = read_reference(request.scope, "cite")
    thing = reader.identity.entity(reference.segment, reference.key)
    if not exists(reader.dataset.store, reader.identity, reference):
        raise NotFoundError(f"this release says nothing about {thing}")
    name = reader.presenter([thing]).thing(thing).label.text
    citation = ThingCitation(name, thing, reader.dataset.release.manifest)
    return Response(citation.written(form), media_type=CITED[form])


@router.get("/report")
def show_report(reader: CurrentReader) -> Response:
    """Show what was read for the release, what was set aside and why."""
    release = reader.dataset.release
    if not release.report_path.is_file():
        raise NotFoundError(f"release {release.number} has no report")
    report = BuildReport.model_validate_json(release.report_path.read_bytes())
    return page("report.html", release=release.manifest, report=report, languages=reader.languages)


@router.get("/about")
def show_about(reader: CurrentReader) -> Response:
    """Show what this is, whose, under which licence, and how to use it."""
    return page("about.html", release=reader.dataset.release.manifest, languages=reader.languages)


@router.get("/problems")
def show_problems(languages: Languages) -> Response:
    """Describe the types of problems."""
    return page("problems.html", problems=PROBLEMS.values(), languages=languages)
