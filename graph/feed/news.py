"""News: the changes of a feed as people read them, with names, countries and themes.

Rows, tables and graphs are left out: they say where statements come from, and change along with
the things that they are about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from graph.feed.changes import Action, EntityChange
from graph.identity import Identity
from graph.labels import Label, best
from graph.store.subjects import SubjectStore
from graph.terms import Term
from ontology import expand, segments

_NAME = expand("skos:prefLabel")


class NewsItem(BaseModel):
    """One piece of news: what happened to which thing, in which release, and what it concerns.

    `names` are the names by language tag, `countries` and `themes` keys of what the thing is linked
    to; of a thing that is gone, those that it had.
    """

    model_config = ConfigDict(frozen=True)

    published: datetime
    release: int
    iri: str
    kind: str
    key: str
    action: Action
    names: dict[str, str]
    countries: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    def label(self, languages: Sequence[str]) -> Label:
        """Give the name for a reader; the key where there is none."""
        texts = [Term("literal", name, tag or None) for tag, name in self.names.items()]
        return best(texts, languages) or Label(self.key, "", asked=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which news somebody wants: of any of some kinds, countries and themes, and of a time.

    What is empty asks for nothing; both ends are in the time.
    """

    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, item: NewsItem) -> bool:
        """Tell whether a piece of news is among those wanted."""
        return (
            (not self.kinds or item.kind in self.kinds)
            and (not self.countries or not self.countries.isdisjoint(item.countries))
            and (not self.themes or not self.themes.isdisjoint(item.themes))
            and (self.since is None or item.published >= self.since)
            and (self.until is None or item.published <= self.until)
        )


def news_of(
    changes: Iterable[EntityChange],
    stores: tuple[SubjectStore, SubjectStore],
    identity: Identity,
    release: int,
    published: datetime,
) -> Iterator[NewsItem]:
    """Tell changes as news; `stores` are those of the earlier and of the later release."""
    before, after = stores
    for change in changes:
        reference = identity.parse(change.subject)
        if reference is None or reference.segment not in segments():
            continue
        store = before if change.action == "Delete" else after
        names, linked = _described(store, change.subject, identity)
        yield NewsItem(
            published=published,
            release=release,
            iri=change.subject,
            kind=reference.segment,
            key=reference.key,
            action=change.action,
            names=names,
            countries=linked["country"],
            themes=linked["theme"],
        )


def _described(
    store: SubjectStore, subject: str, identity: Identity
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Give the names of a thing by language, and the keys of its countries and themes."""
    names: dict[str, str] = {}
    linked: dict[str, set[str]] = {"country": set(), "theme": set()}
    for _, predicate, value, *_ in sorted(store.about(subject), key=lambda quad: quad[2].value):
        if predicate.value == _NAME and value.kind == "literal":
            names.setdefault(value.language or "", value.value)
        reference = identity.parse(value.value) if value.kind == "uri" else None
        if reference is not None and reference.segment in linked:
            linked[reference.segment].add(reference.key)
    own = identity.parse(subject)
    if own is not None and own.segment in linked:
        linked[own.segment].add(own.key)
    return names, {kind: tuple(sorted(keys)) for kind, keys in linked.items()}


def read_news(lines: Iterable[bytes], wanted: Wanted, limit: int) -> tuple[list[NewsItem], bool]:
    """Give the latest news that somebody wants, the latest first, and whether there are more."""
    found: list[NewsItem] = []
    for line in reversed(list(lines)):
        try:
            item = NewsItem.model_validate_json(line)
        except ValidationError:
            continue  # of an earlier version of this program
        if wanted.holds(item):
            found.append(item)
            if len(found) > limit:
                break
    return found[:limit], len(found) > limit
