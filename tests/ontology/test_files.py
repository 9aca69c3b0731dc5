import pytest

from ontology import path


@pytest.mark.parametrize("name", ["core.ttl", "shapes.ttl", "context.jsonld"])
def test_the_files_of_the_ontology_are_found(name: str) -> None:
    """Find the data files beside the code, wherever the package is installed."""
    assert path(name).is_file()


@pytest.mark.parametrize("name", ["no-such.ttl", "../pyproject.toml", "/etc/passwd"])
def test_what_the_ontology_does_not_have_is_refused_by_name(name: str) -> None:
    """Name what is missing, and serve nothing from outside the folder."""
    with pytest.raises(FileNotFoundError, match=name):
        path(name)
