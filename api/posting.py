"""Forms that pages of this service send: read strictly, and from its own pages only."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from api.errors import MediaTypeError
from api.protocol import FORM, read_body, read_parameters
from graph.errors import ForbiddenError, ParameterError

_LARGEST = 20_000  # bytes of what a form sends


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of a form, each of which stands there once.

    ForbiddenError for what a page of another host makes a browser send, MediaTypeError for what is
    no form, TooLargeError for more than forms hold, ParameterError for a field that stands twice.
    """
    origin = request.headers.get("origin")
    if origin not in {None, "null"} and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForbiddenError("forms are sent from the pages of this service only")
    if request.headers.get("content-type", "").partition(";")[0].strip() != FORM:
        raise MediaTypeError(f"this is sent as {FORM}")
    fields = read_parameters(await read_body(request.scope, request.receive, _LARGEST))
    twice = next((name for name, values in fields.items() if len(values) > 1), None)
    if twice is not None:
        raise ParameterError(f"the field {twice[:80]!r} stands there twice")
    return {name: values[0] for name, values in fields.items()}


def authorization_of(request: Request, fields: dict[str, str]) -> str:
    """Take the token out of a form, and give it as a header: the one that was sent, if there is."""
    token = fields.pop("token", "")
    return request.headers.get("authorization") or f"Bearer {token}"
