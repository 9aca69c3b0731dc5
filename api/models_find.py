"""The documents of finding: what fits, and how many things each filter would keep."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.models import Label, Model, Text, Thing
from api.models_facts import FactsOf


class FoundValue(Model):
    """A value of a facet that a thing has, or that things can be filtered by."""

    key: Annotated[str, Field(examples=["EE"])]
    label: Label


class CountedValue(FoundValue):
    """A value of a facet, how many things have it, and whether it is among the filters."""

    count: int
    chosen: bool


class FoundFacet(Model):
    """A facet with its values, most first; `unknown` counts what has none, where that is known."""

    name: Annotated[str, Field(examples=["country"])]
    values: tuple[CountedValue, ...]
    unknown: int | None
    unknown_chosen: bool


class FoundThing(Model):
    """A thing that fits: the name that was found where it is another, and what it has by facet."""

    thing: Thing
    found: Text | None
    facets: dict[str, tuple[FoundValue, ...]]
    period: Annotated[str | None, Field(description="Year in which it begins.")]


class Found(Model):
    """What fits: how many things, some of them in order, and the facets that were asked for."""

    of: FactsOf
    total: int
    items: tuple[FoundThing, ...]
    offset: int
    limit: int
    next: Annotated[str | None, Field(description="Address of what follows.")]
    facets: tuple[FoundFacet, ...]
    notes: tuple[str, ...]


class Suggestion(Model):
    """A thing that the words typed so far may mean, under the name that they fit."""

    thing: Thing
    found: Text
    kind: Annotated[Label, Field(description="The name of its kind.")]


class Suggestions(Model):
    """What the words typed so far may mean, the best first."""

    items: tuple[Suggestion, ...]
