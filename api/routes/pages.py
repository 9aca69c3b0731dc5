"""Pages for people: the start, things, lists, search, and what a release was made of."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api.dependencies import Counts, CurrentReader, KnownParameters
from api.errors import PROBLEMS
from api.exchange import Target, exchange_of
from api.linked import MOVED_HEADERS, alternates, moved_to, read_reference, with_query
from api.paging import LIMIT, filter_parameters, list_page
from api.presenting import Presenter
from api.rendering import page
from api.routes.search import find
from graph.entities import read_entity
from graph.errors import NotFoundError
from graph.formats import GRAPH_FORMATS
from graph.labels import label_of_term
from graph.listing import check_kind, list_entities
from graph.report import BuildReport
from ontology import expand, segments, superclasses

router = APIRouter(include_in_schema=False)
strict = APIRouter(include_in_schema=False, dependencies=[KnownParameters])

_CONCEPT = expand("skos:Concept")
_CHOICES = 500  # keys that a filter offers in a list; above that it takes a typed key


@strict.get("/")
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
    return page("start.html", kinds=named, release=reader.dataset.release.manifest)


@strict.get("/page/{kind}/{key:path}")  # noqa: FAST003  # read as they were sent
def show_thing(request: Request, reader: CurrentReader, target: Target = None) -> Response:
    """Show everything that the release says about one thing."""
    reference = read_reference(request.scope, "page")
    moved = moved_to(reader.dataset.redirects, reference, "page")
    if moved is not None:
        return RedirectResponse(with_query(moved, request.url.query), 301, MOVED_HEADERS)
    found = read_entity(reader.dataset.store, reader.identity, reference, limit=reader.links)
    exchange = exchange_of(reader.dataset, target)
    presenter = Presenter(reader.identity, found.names, reader.languages, exchange)
    response = page(
        "thing.html",
        entity=presenter.entity(found),
        target=target,
        named=presenter.named(found),
        content=presenter.content(found),
        formats=GRAPH_FORMATS,
        languages=reader.languages,
    )
    response.headers["Link"] = alternates(reference)
    return response


@router.get("/browse/{kind}")
def browse(kind: str, request: Request, reader: CurrentReader, counts: Counts) -> Response:
    """Show a list of things of one kind, filtered and page by page."""
    class_ = check_kind(kind)
    parameters = {name: value for name, value in request.query_params.items() if value}
    listed = list_page(reader, kind, parameters)
    offered = []
    for item in filter_parameters(kind):
        known = list_entities(
            reader.dataset.store, reader.identity, item.segment, chosen={}, limit=_CHOICES
        )
        offered.append((item, [] if known.more else known.things))
    presenter = reader.presenter([*listed.things, *(iri for _, iris in offered for iri in iris)])
    filters = [
        (item, sorted(presenter.things(iris), key=lambda thing: thing.label.text.casefold()))
        for item, iris in offered
    ]
    return page(
        "browse.html",
        kind=kind,
        label=label_of_term(class_, reader.languages),
        count=counts.get(kind, 0),
        things=presenter.things(listed.things),
        following=listed.next_address(f"/browse/{kind}", parameters),
        notices=listed.notices,
        filters=filters,
        parameters=parameters,
        limit=LIMIT,
    )


@strict.get("/search")
def show_search(
    reader: CurrentReader,
    q: Annotated[str, Query()] = "",
    kind: Annotated[str | None, Query()] = None,
) -> Response:
    """Show things found by name."""
    result = find(reader, q, kind=kind or None, limit=LIMIT) if q.strip() else None
    kinds = [(name, label_of_term(iri, reader.languages)) for name, iri in segments().items()]
    return page("search.html", words=q, kind=kind, kinds=kinds, result=result)


@strict.get("/report")
def show_report(reader: CurrentReader) -> Response:
    """Show what was read for the release, what was set aside and why."""
    release = reader.dataset.release
    if not release.report_path.is_file():
        raise NotFoundError(f"release {release.number} has no report")
    report = BuildReport.model_validate_json(release.report_path.read_bytes())
    return page("report.html", release=release.manifest, report=report)


@strict.get("/about")
def show_about(reader: CurrentReader) -> Response:
    """Show what this is, whose, under which licence, and how to use it."""
    return page("about.html", release=reader.dataset.release.manifest)


@strict.get("/problems")
def show_problems() -> Response:
    """Describe the types of problems."""
    return page("problems.html", problems=PROBLEMS.values())
