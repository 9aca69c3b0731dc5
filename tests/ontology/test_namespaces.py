import subprocess
import sys

import pytest

from ontology import PREFIXES, SIKG, UnknownNameError, compact, expand


def test_a_prefixed_name_becomes_an_iri() -> None:
    """Put the namespace in the place of the prefix."""
    assert expand("skos:prefLabel") == "http://www.w3.org/2004/02/skos/core#prefLabel"


def test_the_namespace_of_the_ontology_is_one_of_the_prefixes() -> None:
    """Keep the constant and the table of prefixes equal."""
    assert PREFIXES["sikg"] == SIKG


@pytest.mark.parametrize("name", ["skos:prefLabel", "schema:startDate", "s66:Project"])
def test_compacting_undoes_expanding(name: str) -> None:
    """Go from name to IRI and back."""
    assert compact(expand(name)) == name


@pytest.mark.parametrize(
    "iri",
    ["http://example.org/a", "http://www.w3.org/ns/org#", "https://schema.org/docs/collab/ELI"],
)
def test_an_iri_that_no_prefix_fits_stays_as_it_is(iri: str) -> None:
    """Make no prefixed name that Turtle would not read."""
    assert compact(iri) == iri


def test_an_unknown_prefix_is_refused_with_the_closest_ones() -> None:
    """Help a person who mistyped a prefix."""
    with pytest.raises(UnknownNameError, match="did you mean skos") as caught:
        expand("skoss:prefLabel")
    assert caught.value.suggestions[0] == "skos"


def test_a_name_without_a_prefix_is_refused_with_a_list_of_prefixes() -> None:
    """Help a person who forgot the prefix."""
    with pytest.raises(UnknownNameError, match="has no prefix; the prefixes are sikg, rdf"):
        expand("prefLabel")


@pytest.mark.parametrize("name", ["skos:", "skos:pref Label", "skos:a>b", "skos:a\nb", 'skos:"'])
def test_a_name_that_would_make_no_iri_is_refused(name: str) -> None:
    """Let no space, quote or bracket through into an IRI."""
    with pytest.raises(UnknownNameError, match="is not a prefixed name"):
        expand(name)


def test_importing_the_ontology_imports_no_rdf_library() -> None:
    """Keep commands that never ask about the vocabulary quick to start."""
    code = "import sys, ontology; print(sorted(sys.modules.keys() & {'rdflib', 'pyshacl'}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
