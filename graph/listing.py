"""Lists of entities: by kind, filtered, page by page in the order of their IRIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph.engine import Engine, Query
from graph.errors import NotFoundError, ParameterError
from graph.identity import Identity
from graph.terms import Term, iri, literal
from ontology import segments


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps the entities that are linked to a given one by a property path.

    `segment` is the kind of what is linked to; `paths` gives the path for each kind of entity
    that can be filtered so.
    """

    name: str
    segment: str
    description: str
    paths: Mapping[str, str] = field(default_factory=dict)


_OPERATED = ("network", "database", "portal", "event", "community", "prize", "publication")

FILTERS = (
    Filter(
        "country",
        "country",
        "Key of a country, such as EE: where it is, works or leads from.",
        {
            "organisation": "sikg:country",
            "consortium": "sikg:country|sikg:leadCountry",
            "project": "sikg:country|sikg:leadCountry",
            "participation": "sikg:country|(sikg:participant/sikg:country)",
            "practice": "sikg:country",
            "event": "sikg:country",
            "network": "sikg:country",
            "community": "sikg:country",
            "region": "sikg:country",
        },
    ),
    Filter(
        "region",
        "region",
        "Key of a region, such as EE001.",
        dict.fromkeys(("organisation", "project", "practice"), "sikg:region"),
    ),
    Filter(
        "theme",
        "theme",
        "Key of a theme, such as employment.",
        dict.fromkeys(
            ("practice", "policy", "event", "network", "community", "method"), "sikg:theme"
        ),
    ),
    Filter(
        "target-group",
        "target-group",
        "Key of a target group.",
        dict.fromkeys(("practice", "event", "network", "community", "method"), "sikg:targetGroup"),
    ),
    Filter(
        "programme",
        "programme",
        "Key of a fund, programme, strand, initiative or call: what pays, or what it is part of.",
        {
            "organisation": "^sikg:participant/sikg:participatesIn/sikg:fundedBy",
            "consortium": "sikg:fundedBy|sikg:call",
            "project": "sikg:fundedBy|sikg:call",
            "practice": "sikg:fundedBy",
            "participation": "sikg:participatesIn/sikg:fundedBy",
            "policy": "sikg:relatedProgramme",
            "programme": "sikg:partOf+",
            "funding": "^sikg:funding|(^sikg:funding/sikg:fundedBy)",
        },
    ),
    Filter(
        "organisation",
        "organisation",
        "Key of an organisation that takes part, leads, carries, manages or runs it.",
        {
            "consortium": "sikg:leadPartner|(^sikg:participatesIn/sikg:participant)",
            "project": "sikg:leadPartner|(^sikg:participatesIn/sikg:participant)",
            "practice": "sikg:carriedBy|(^sikg:participatesIn/sikg:participant)",
            "participation": "sikg:participant",
            "programme": "sikg:managedBy",
            **dict.fromkeys(_OPERATED, "sikg:operator"),
        },
    ),
    Filter(
        "consortium",
        "consortium",
        "Key of a consortium.",
        {
            "organisation": "^sikg:participant/sikg:participatesIn",
            "participation": "sikg:participatesIn",
            "funding": "^sikg:funding",
        },
    ),
    Filter(
        "role",
        "role",
        "Key of a role, such as lead-partner.",
        {"organisation": "^sikg:participant/sikg:role", "participation": "sikg:role"},
    ),
    Filter(
        "policy",
        "policy",
        "Key of a policy, such as epsr-p04: a principle that it follows, what governs its "
        "programme, or what it is part of.",
        {
            "practice": "sikg:principle|(sikg:fundedBy/^sikg:relatedProgramme)",
            **dict.fromkeys(
                ("project", "consortium"),
                "sikg:principle|((sikg:fundedBy|sikg:call)/^sikg:relatedProgramme)",
            ),
            "programme": "sikg:principle|^sikg:relatedProgramme",
            "theme": "sikg:principle|^sikg:theme",
            "policy": "sikg:partOf+",
        },
    ),
    Filter(
        "level",
        "level-of-action",
        "Key of a level of action, such as regional.",
        {"practice": "sikg:levelOfAction"},
    ),
    Filter("phase", "funding-phase", "Key of a funding phase.", {"funding": "sikg:fundingPhase"}),
    Filter(
        "type", "organisation-type", "Key of a type.", {"organisation": "sikg:organisationType"}
    ),
    Filter("type", "policy-type", "Key of a type.", {"policy": "sikg:policyType"}),
    Filter("type", "programme-kind", "Key of a type.", {"programme": "sikg:programmeKind"}),
    Filter("type", "funding-kind", "Key of a kind of money.", {"funding": "sikg:fundingKind"}),
    Filter(
        "broader",
        "theme",
        "Key of a broader theme, at any distance.",
        {"theme": "skos:broader+"},
    ),
)


def filters_of(kind: str) -> dict[str, Filter]:
    """Give the filters for a kind of entity, by name."""
    return {item.name: item for item in FILTERS if kind in item.paths}


@dataclass(frozen=True, slots=True)
class Slice:
    """Some entities of a list in the order of IRIs, and whether more follow."""

    things: tuple[str, ...]
    more: bool


_COUNTS = Query("""
PREFIX sikg: <https://w3id.org/sikg/ontology#>
SELECT ?segment (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  VALUES ?base { UNDEF }
  ?class sikg:segment ?segment .
  ?thing a ?class .
  FILTER(STRSTARTS(STR(?thing), CONCAT(?base, "id/", ?segment, "/")))
}
GROUP BY ?segment
""")
_EXISTS = Query("ASK { VALUES ?this { UNDEF } ?this ?property ?value }")


def check_kind(kind: str) -> str:
    """Give the class IRI of a kind of entity; NotFoundError if there is no such kind."""
    found = segments().get(kind)
    if found is None:
        raise NotFoundError(
            f"there is no kind {kind[:40]!r}; the kinds are {', '.join(segments())}"
        )
    return found


def exists(engine: Engine, thing: Term) -> bool:
    """Tell whether anything is stated of a thing."""
    return engine.ask(_EXISTS.bind(this=thing))


def count_kinds(engine: Engine, identity: Identity) -> dict[str, int]:
    """Count the entities of each kind that has any."""
    counted = engine.select(_COUNTS.bind(base=literal(identity.base)))
    return {row["segment"].value: int(row["count"].value) for row in counted}


def list_entities(  # noqa: PLR0913  # each narrows the list in its own way
    engine: Engine,
    identity: Identity,
    kind: str,
    *,
    chosen: Mapping[str, str],
    among: Sequence[str] | None = None,
    after: str = "",
    limit: int = 50,
) -> Slice:
    """List the entities of a kind that all chosen filters keep.

    `chosen` gives a key for each filter by name, `among` the only IRIs to list, `after` the IRI
    behind which to begin. NotFoundError for an unknown kind, ParameterError for an unknown
    filter or a key of nothing.
    """
    if among is not None and not among:
        return Slice((), more=False)
    class_ = check_kind(kind)
    known = filters_of(kind)
    blocks: list[str] = []
    terms: dict[str, Term | Sequence[Term]] = {
        "class": iri(class_),
        "prefix": literal(f"{identity.base}id/{kind}/"),
        "after": literal(after),
    }
    for name, key in chosen.items():
        if name not in known:
            raise ParameterError(f"{kind} has no filter {name!r}; it has {', '.join(known)}")
        value = iri(identity.entity(known[name].segment, key))
        if not exists(engine, value):
            raise ParameterError(f"there is no {known[name].segment} with the key “{key[:80]}”")
        variable = name.replace("-", "_")
        blocks.append(
            f"VALUES ?{variable} {{ UNDEF }} ?thing ({known[name].paths[kind]}) ?{variable} ."
        )
        terms[variable] = value
    if among is not None:
        blocks.append("VALUES ?thing { UNDEF }")
        terms["thing"] = [iri(thing) for thing in among]
    query = Query(_LIST.format(blocks="\n  ".join(blocks), limit=limit + 1))
    found = engine.select(query.bind(**terms)).values("thing")
    return Slice(tuple(found[:limit]), more=len(found) > limit)


_LIST = """
PREFIX sikg: <https://w3id.org/sikg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing WHERE {{
  VALUES ?class {{ UNDEF }}
  VALUES ?prefix {{ UNDEF }}
  VALUES ?after {{ UNDEF }}
  {blocks}
  ?thing a ?class .
  FILTER(STRSTARTS(STR(?thing), ?prefix) && STR(?thing) > ?after)
}}
ORDER BY STR(?thing)
LIMIT {limit}
"""
