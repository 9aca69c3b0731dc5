"""The documents of the REST interface."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_EXAMPLE_IRI = "http://localhost:8000/id/consortium/esia"


class Model(BaseModel):
    """A document that never changes once it is made."""

    model_config = ConfigDict(frozen=True)


class Text(Model):
    """A text; `language` is its BCP-47 tag, empty where it has none."""

    text: Annotated[str, Field(examples=["European Social Innovation Alliance"])]
    language: Annotated[str, Field(examples=["en"])]


class Label(Text):
    """The label of a thing for this reader; `asked` is false where it fell back."""

    asked: Annotated[bool, Field(description="Whether the language is one that was asked for.")]


class Thing(Model):
    """Something that has an IRI; kind, key and page where it is one of ours."""

    iri: Annotated[str, Field(examples=[_EXAMPLE_IRI])]
    label: Label
    kind: Annotated[str | None, Field(examples=["consortium"])] = None
    key: Annotated[str | None, Field(examples=["esia"])] = None
    page: Annotated[str | None, Field(examples=["/page/consortium/esia"])] = None


class Value(Model):
    """A value of a property: a thing or a literal, and the rows that state it."""

    thing: Thing | None = None
    text: str | None = None
    language: str | None = None
    datatype: Annotated[str | None, Field(examples=["xsd:date"])] = None
    rows: Annotated[tuple[str, ...], Field(description="IRIs of rows; see `receipts`.")] = ()
    overruled: Annotated[bool, Field(description="Whether a correction sets it aside.")] = False


class PropertyValues(Model):
    """All values of one property; `conflict` where there should be only one."""

    property: Annotated[str, Field(examples=["sikg:startDate"])]
    iri: Annotated[str, Field(examples=["https://w3id.org/sikg/ontology#startDate"])]
    label: Label
    conflict: bool
    values: tuple[Value, ...]


class Rate(Model):
    """An exchange rate: one unit of the target is so many of the currency, in a period."""

    iri: str
    currency: Annotated[str, Field(examples=["EEK"])]
    target: Annotated[str, Field(examples=["EUR"])]
    rate: Annotated[str, Field(examples=["15.6466"], description="A decimal to divide by.")]
    since: Annotated[str, Field(examples=["2011-01-01"])]
    until: Annotated[str | None, Field(description="Null where it is fixed for ever.")]
    sources: Annotated[tuple[str, ...], Field(description="Where the rate was read.")]
    page: Annotated[str | None, Field(examples=["/page/exchange-rate/eek-eur"])]


class ConvertedAmount(Model):
    """An amount in the currency that was asked for, rounded to the cent, and by which rate."""

    amount: Annotated[str, Field(examples=["10000"])]
    currency: Annotated[str, Field(examples=["EUR"])]
    rate: Rate


class Money(Model):
    """One amount as one source states it. Amounts of different kinds are never added.

    Where sources give several kinds, phases, currencies or years of it, none of them is chosen, and
    `several` names what.
    """

    funding: Thing
    amount: Annotated[str, Field(examples=["1064413.0"], description="A decimal number.")]
    currency: Annotated[str | None, Field(examples=["EUR"])]
    kind: Thing | None
    phase: Thing | None
    year: Annotated[str | None, Field(examples=["2021"])]
    several: Annotated[tuple[str, ...], Field(examples=[["kind"]])] = ()
    converted: Annotated[
        ConvertedAmount | None,
        Field(description="In the currency asked for; null where there is no rate, or no need."),
    ] = None
    rows: tuple[str, ...]


class Participation(Model):
    """Who takes part in what, as what, and when; dates as precisely as the source says."""

    participation: Thing
    organisation: Thing | None
    in_: Annotated[tuple[Thing, ...], Field(serialization_alias="in")]
    roles: tuple[Thing, ...]
    start: tuple[str, ...]
    end: tuple[str, ...]
    rows: tuple[str, ...]


class IncomingLinks(Model):
    """Things that link here by one property."""

    property: Annotated[str, Field(examples=["sikg:carriedBy"])]
    iri: str
    label: Label
    links: tuple[Value, ...]


class Receipt(Model):
    """Where the statements of a row come from."""

    row: Annotated[str, Field(examples=["http://localhost:8000/id/row/consortia-3"])]
    number: Annotated[int | None, Field(description="Row in the file; the header is row 1.")]
    file: Annotated[str | None, Field(examples=["consortia.csv"])]
    sheet: str | None
    sha256: str | None
    cited: Annotated[tuple[str, ...], Field(description="What the row says it was read from.")]
    confidence: Annotated[str | None, Field(examples=["seen"])]
    source: str | None
    title: str | None
    publisher: str | None
    licence: str | None
    retrieved: Annotated[str | None, Field(examples=["2026-11-22"])]
    mapping_version: str | None
    edited: Annotated[
        str | None, Field(description="When people last wrote to it, where `row` is an edit graph.")
    ]
    writers: Annotated[tuple[str, ...], Field(description="The names of their tokens.")]
    through: Annotated[tuple[str, ...], Field(description="The operations they wrote by.")]
    page: str | None


class Entity(Model):
    """Everything the release says about one thing."""

    iri: Annotated[str, Field(examples=[_EXAMPLE_IRI])]
    kind: Annotated[str, Field(examples=["consortium"])]
    key: Annotated[str, Field(examples=["esia"])]
    label: Label
    types: tuple[Thing, ...]
    names: Annotated[tuple[Text, ...], Field(description="All preferred names.")]
    properties: tuple[PropertyValues, ...]
    money: tuple[Money, ...]
    participations: tuple[Participation, ...]
    incoming: tuple[IncomingLinks, ...]
    receipts: dict[str, Receipt]
    notices: Annotated[tuple[str, ...], Field(description="What was left out, if anything.")]
    links: Annotated[
        dict[str, str],
        Field(examples=[{"page": "/page/consortium/esia", "data": "/data/consortium/esia"}]),
    ]


class EntityPage(Model):
    """One page of a list, in the order of IRIs."""

    items: tuple[Thing, ...]
    next: Annotated[str | None, Field(description="Address of the next page; null at the end.")]
    notices: tuple[str, ...] = ()


class SearchHit(Model):
    """A thing found by one of its names."""

    thing: Thing
    found: Annotated[Text, Field(description="The name that fits.")]
    score: float


class SearchResult(Model):
    """Things whose names hold the words, the best first; no more than `limit`."""

    items: tuple[SearchHit, ...]
    limit: int


class Source(Model):
    """What a release was built from."""

    name: str
    title: str
    publisher: str
    licence: str
    file: str
    rows_read: int
    rows_loaded: int
    rows_quarantined: int


class ReleaseInfo(Model):
    """A kept release; `current` is the one that is served."""

    number: Annotated[int, Field(examples=[1])]
    current: bool
    created: datetime
    base: str
    digest: str
    statements: int
    conforms: bool
    sources: tuple[Source, ...]


class Releases(Model):
    """All kept releases, the newest first."""

    items: tuple[ReleaseInfo, ...]


class QueryParameter(Model):
    """A parameter of a catalogue query."""

    name: str
    kind: str
    required: bool
    default: str | None
    description: str


class CatalogueEntry(Model):
    """A question of the catalogue."""

    name: Annotated[str, Field(examples=["organisations-in-several-consortia"])]
    title: str
    description: str
    parameters: tuple[QueryParameter, ...]
    columns: dict[str, str]
    limits: Annotated[str, Field(description="What the answer does not tell.")]
    result: Annotated[str, Field(description="Address of its answer.")]
    sparql: str


class CatalogueList(Model):
    """All questions of the catalogue."""

    items: tuple[CatalogueEntry, ...]


class VocabularyTerm(Model):
    """A class or property; `count` is how often the release uses it, where that is known."""

    name: Annotated[str, Field(examples=["sikg:Organisation"])]
    iri: Annotated[str, Field(examples=["https://w3id.org/sikg/ontology#Organisation"])]
    label: Annotated[str, Field(examples=["organisation"])]
    definition: str | None = None
    count: int | None = None


class Vocabulary(Model):
    """What queries can be written with."""

    prefixes: Annotated[dict[str, str], Field(description="Namespaces by their prefixes.")]
    classes: tuple[VocabularyTerm, ...]
    properties: tuple[VocabularyTerm, ...]


class Kind(Model):
    """A kind of entity, how many there are, and how lists of it can be filtered."""

    kind: Annotated[str, Field(examples=["organisation"])]
    class_: Annotated[str, Field(serialization_alias="class", examples=["sikg:Organisation"])]
    label: Label
    count: int
    filters: tuple[str, ...]


class Kinds(Model):
    """All kinds of entity."""

    items: tuple[Kind, ...]


class Health(Model):
    """Whether the service runs, and what it serves."""

    status: Annotated[str, Field(examples=["ok"])]
    release: Annotated[int | None, Field(examples=[1])] = None


class ProblemDocument(BaseModel):
    """A problem (RFC 9457)."""

    type: Annotated[str, Field(examples=["/problems#impossible-parameter"])]
    title: Annotated[str, Field(examples=["A parameter is impossible"])]
    status: Annotated[int, Field(examples=[400])]
    detail: Annotated[str, Field(examples=["there is no country with the key “XX”"])]
    instance: Annotated[str, Field(examples=["/api/v1/organisation"])]
    request: Annotated[
        str | None, Field(description="Id of the request, as in X-Request-ID and in the log.")
    ] = None
    line: Annotated[int | None, Field(description="Of a malformed query.")] = None
    column: Annotated[int | None, Field(description="Of a malformed query.")] = None
