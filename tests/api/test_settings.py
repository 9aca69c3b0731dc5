from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.app import create
from api.settings import Settings

TABLE = Path(__file__).parents[2] / "docs" / "settings.md"
ROW = re.compile(r"^\| `SIKG_([A-Z_]+)` \| (?:`([^`]*)`|\(none\)) \| (.+) \|$", re.MULTILINE)


def test_the_table_of_the_documentation_is_whole() -> None:
    rows = {name.lower(): (default, text) for name, default, text in ROW.findall(TABLE.read_text())}
    assert set(rows) == set(Settings.model_fields)
    defaults = Settings()
    for name, field in Settings.model_fields.items():
        default, text = rows[name]
        value = getattr(defaults, name)
        assert default == ("" if value in {frozenset(), None} else str(value))
        assert text.startswith((field.description or "").rstrip("."))


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SIKG_HOME", str(tmp_path))
    monkeypatch.setenv("SIKG_SERVICE_ALLOW", "https://a.example/sparql https://b.example/sparql")
    monkeypatch.setenv("SIKG_LINKS", "7")
    settings = create().state.service.settings
    assert settings.home == tmp_path
    assert settings.service_allow == {"https://a.example/sparql", "https://b.example/sparql"}
    assert settings.links == 7


@pytest.mark.parametrize(
    ("name", "value"),
    [("SIKG_THREADS", "0"), ("SIKG_SERVICE_ALLOW", "not-an-iri"), ("SIKG_CACHE_BYTES", "much")],
)
def test_an_impossible_setting_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        create()
