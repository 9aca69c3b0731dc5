"""Mappings that several tests build from: bodies, projects of bodies, and a ledger."""

from __future__ import annotations

BODIES = """\
entities:
  body:
    type: organisation
    class: Organisation
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: skos:exactMatch, column: ror, as: iri}
"""
PICS = "      - {property: pic, column: pic, as: string}\n"
COUNTRIES = "      - {property: country, column: country, reference: country}\n"
RECEIPTS = "receipt: {cited: {column: url}, confidence: sure}\n"
PROJECTS = """\
entities:
  project:
    type: project
    class: Project
    key: "{id}"
    properties:
      - {property: skos:prefLabel, column: name, lang: en}
      - {property: dcterms:relation, column: body, reference: organisation}
"""
ROR = "https://ror.org/03z77qz90"
OTHER_ROR = "https://ror.org/05wp7an13"
