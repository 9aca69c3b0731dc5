"""The statement on accessibility tells what the model asks for, and what is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from api.accessibility import LIMITS, PREPARED, REVIEWED
from api.app import create_app
from api.settings import Settings
from tests.api.odd import BROWSER


def _statement(settings: Settings) -> str:
    with TestClient(create_app(settings)) as client:
        answer = client.get("/accessibility", headers={"accept": BROWSER})
    assert answer.status_code == 200
    return answer.text


def test_every_part_of_the_model_is_there(client: TestClient) -> None:
    text = client.get("/accessibility", headers={"accept": BROWSER}).text
    for part in (
        "complies partially",
        "EN 301 549",
        "Directive (EU) 2016/2102",
        "Not compliant",
        "Disproportionate burden",
        "How this was found out",
        "Feedback and contact",
        "Each country of the European Union has a body",
    ):
        assert part in text
    assert (
        '<a href="/accessibility">Accessibility</a>'
        in client.get("/about", headers={"accept": BROWSER}).text
    )


def test_what_is_listed_is_there(client: TestClient) -> None:
    text = client.get("/accessibility", headers={"accept": BROWSER}).text
    assert LIMITS
    assert PREPARED <= REVIEWED
    for limit in LIMITS:
        assert f'<a href="{limit.path}">' in text
        answer = client.get(limit.path, headers={"accept": BROWSER}, follow_redirects=True)
        assert answer.status_code == 200


def test_it_is_served_where_there_is_nothing_else_to_serve(empty: TestClient) -> None:
    assert empty.get("/accessibility", headers={"accept": BROWSER}).status_code == 200


def test_what_the_operator_has_not_stated_is_told(tmp_path: Path) -> None:
    text = _statement(Settings(home=tmp_path))
    assert "has not stated who they are" in text
    assert "has not set an address for feedback" in text
    assert "has not stated which body that is here" in text


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("access@example.org", "mailto:access@example.org"),
        ("https://example.org/form", "https://example.org/form"),
    ],
)
def test_the_operator_is_told_with_ways_to_complain(
    tmp_path: Path, contact: str, address: str
) -> None:
    text = _statement(
        Settings(
            home=tmp_path,
            operator="Ministry of <Care>",
            contact=contact,
            enforcement="https://example.org/watch",
        )
    )
    assert "Ministry of &lt;Care&gt; runs this site" in text
    assert f'<a href="{address}">{contact}</a>' in text
    assert 'href="https://example.org/watch"' in text
    assert "has not s" not in text


@pytest.mark.parametrize(
    "wrong", [{"contact": "javascript:alert(1)"}, {"enforcement": "nowhere"}, {"contact": "a b@c"}]
)
def test_addresses_that_are_none_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(home=tmp_path, **wrong)  # type: ignore[arg-type]
