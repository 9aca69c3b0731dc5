"""News: what changed, for people: a page for a period, Atom for readers of news, and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Response

from api import models_feed as models
from api.atom import MEDIA_TYPE, AtomEntry, AtomFeed
from api.choosing import Option, by_name
from api.citation import GRAPH_TITLE
from api.dependencies import CurrentReader, CurrentService, KnownParameters, Reader
from api.presenting import label_model
from api.rendering import page
from graph.errors import NotFoundError, ParameterError
from graph.feed.log import Head, Log
from graph.feed.news import NewsItem, Wanted, read_news
from graph.feed.recording import record
from graph.identity import encode_key
from graph.labels import Label, label_of_term
from graph.listing import check_kind, exists, list_entities
from graph.release import Releases
from graph.terms import iri
from ontology import segments
from visualisations.wording import Wording, wording

router = APIRouter(include_in_schema=False, dependencies=[KnownParameters])
rest = APIRouter(tags=["releases"], dependencies=[KnownParameters])

_SHOWN = 200
_IN_ATOM = 100
_MOST = 1000
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which news a reader wants, as it stands in the address."""

    wanted: Wanted
    parameters: Mapping[str, str]


def _asked(
    kind: Annotated[str, Query(max_length=200, description="Kinds, by commas.")] = "",
    country: Annotated[str, Query(max_length=200, description="Their keys, by commas.")] = "",
    theme: Annotated[str, Query(max_length=200, description="Keys of themes, by commas.")] = "",
    since: Annotated[str, Query(max_length=10, description="First day, as 2026-11-01.")] = "",
    until: Annotated[str, Query(max_length=10, description="Last day, as 2026-11-30.")] = "",
) -> Asked:
    for name in _keys(kind):
        check_kind(name)
    wanted = Wanted(
        _keys(kind),
        _keys(country),
        _keys(theme),
        _day(since, time.min),
        _day(until, time.max),
    )
    given = {"kind": kind, "country": country, "theme": theme, "since": since, "until": until}
    return Asked(wanted, {name: value for name, value in given.items() if value})


AskedNews = Annotated[Asked, Depends(_asked)]


@router.get("/news")
async def show_news(reader: CurrentReader, service: CurrentService, asked: AskedNews) -> Response:
    """Show what happened in a period, to what kind of thing, in which country and theme."""
    releases = service.served.releases
    head, found, more = await service.answers.run(
        partial(_read, reader, releases, asked.wanted, _SHOWN)
    )
    choices = await service.answers.run(partial(_choices, reader))
    items = [_entry(item, reader) for item in found]
    kinds = [(name, label_of_term(iri, reader.languages)) for name, iri in segments().items()]
    return page(
        "news.html",
        languages=reader.languages,
        as_of=None,
        kind_choices=[Option(name, (label,)) for name, label in kinds],
        groups=[
            (label, [item for item in items if item.kind == name])
            for name, label in kinds
            if any(item.kind == name for item in items)
        ],
        count=len(items),
        more=more,
        head=head,
        choices=choices,
        parameters=asked.parameters,
        atom=_address("/news.atom", asked),
    )


@router.get("/news.atom")
async def give_atom(reader: CurrentReader, service: CurrentService, asked: AskedNews) -> Response:
    """Give the latest news as an Atom feed."""
    read = partial(_read, reader, service.served.releases, asked.wanted, _IN_ATOM)
    head, found, _ = await service.answers.run(read)
    words = wording(reader.languages)
    about = ", ".join(asked.parameters.values())
    title = words.gettext(GRAPH_TITLE)
    feed = AtomFeed(
        title=f"{title}: {about}" if about else title,
        address=head.base + _address("news.atom", asked),
        page=head.base + _address("news", asked),
        updated=found[0].published if found else head.last,
        author=title,
        language=words.language,
        rights=_LICENCE,
        entries=[_atom_entry(item, head, reader, words) for item in found],
    )
    headers = {"Vary": "Accept, Accept-Language", "Access-Control-Allow-Origin": "*"}
    return Response(feed.written(), headers=headers, media_type=MEDIA_TYPE)


@rest.get("/news")
async def read_latest_news(
    reader: CurrentReader,
    service: CurrentService,
    asked: AskedNews,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _SHOWN,
) -> models.News:
    """Tell what changed of late, the latest first."""
    read = partial(_read, reader, service.served.releases, asked.wanted, limit)
    head, found, more = await service.answers.run(read)
    entries = tuple(_entry(item, reader) for item in found)
    return models.News(items=entries, more=more, since=head.began)


def _read(
    reader: Reader, releases: Releases, wanted: Wanted, limit: int
) -> tuple[Head, list[NewsItem], bool]:
    """Read news; NotFoundError for a country or theme that there is not, and never was."""
    head, log = record(releases), Log(releases.home)
    keyed = [("country", key, Wanted(countries=frozenset({key}))) for key in wanted.countries]
    keyed += [("theme", key, Wanted(themes=frozenset({key}))) for key in wanted.themes]
    for kind, key, of_it in keyed:
        there = exists(reader.dataset.store, iri(reader.identity.entity(kind, key)))
        if not there and not read_news(log.news(head), of_it, 1)[0]:
            raise NotFoundError(
                f"there is no {kind} with the key “{key[:80]}”, and no news of one: "
                f"{reader.identity.base}api/v1/{kind} lists those that there are"
            )
    found, more = read_news(log.news(head), wanted, limit)
    return head, found, more


def _choices(reader: Reader) -> Mapping[str, list[Option]]:
    """Give the countries and themes of the release, by their labels."""
    found = {}
    for kind in ("country", "theme"):
        store, identity = reader.dataset.store, reader.identity
        iris = list_entities(store, identity, kind, chosen={}, limit=_MOST).things
        things = reader.presenter(iris).things(iris)
        named = ((thing.key or "", thing.label) for thing in things)
        found[kind] = by_name(
            Option(key, (Label(label.text, label.language, label.asked),)) for key, label in named
        )
    return found


def _entry(item: NewsItem, reader: Reader) -> models.NewsEntry:
    return models.NewsEntry(
        **item.model_dump(include={"published", "release", "action", "iri", "kind", "key"}),
        label=label_model(item.label(reader.languages)),
        page=f"/page/{item.kind}/{encode_key(item.key)}",
        countries=item.countries,
        themes=item.themes,
    )


def _atom_entry(item: NewsItem, head: Head, reader: Reader, words: Wording) -> AtomEntry:
    kind = label_of_term(segments()[item.kind], reader.languages).text
    page_address = f"{head.base}page/{item.kind}/{encode_key(item.key)}"
    return AtomEntry(
        id=f"{head.base}releases/{item.release}#{item.kind}/{encode_key(item.key)}",
        title=item.label(reader.languages).text,
        address=page_address,
        updated=item.published,
        summary=_sentences(words)[item.action] % {"kind": kind, "number": item.release},
        categories=(item.kind, *item.countries, *item.themes),
    )


def _sentences(words: Wording) -> Mapping[str, str]:
    return {
        "Create": words.gettext("%(kind)s: new in release %(number)s"),
        "Update": words.gettext("%(kind)s: changed in release %(number)s"),
        "Delete": words.gettext("%(kind)s: gone in release %(number)s"),
    }


def _address(path: str, asked: Asked) -> str:
    return f"{path}?{urlencode(asked.parameters)}" if asked.parameters else path


def _keys(listed: str) -> frozenset[str]:
    return frozenset(filter(None, listed.split(",")))


def _day(written: str, end: time) -> datetime | None:
    if not written:
        return None
    try:
        return datetime.combine(date.fromisoformat(written), end, UTC)
    except ValueError as error:
        raise ParameterError(f"{written!r} is no day such as 2026-11-22") from error
