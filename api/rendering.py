"""Pages from templates, and problems as pages or documents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response
from starlette.types import Scope

from api.assets import static
from api.errors import MEDIA_TYPE, problem_of
from api.navigation import FURTHER, SECTIONS
from api.negotiation import languages as accepted
from api.negotiation import wants_html
from api.protocol import header
from api.speaking import Speech
from api.switching import ReaderLanguages, chosen_in, kept, release_in, switches
from graph.translations import origin
from visualisations.wording import Wording, wording

_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment(language: str) -> Environment:
    """Make what fills templates in one language; a template is read once for each."""
    words = wording([language])
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    # What the extension adds to an environment; it has no types.
    install: Any = vars(environment)["install_gettext_callables"]
    install(words.gettext, words.ngettext, newstyle=True)
    environment.filters.update(amount=partial(_amount, words), number=words.number, day=words.day)
    environment.filters.update(share=partial(_share, words), tongue=words.tongue, origin=origin)
    environment.globals.update(language=language, sections=SECTIONS, further=FURTHER, static=static)
    environment.globals.update(speech=Speech(words), _=partial(_told, words))
    return environment


@lru_cache(maxsize=4096)  # a page says sixty messages, nearly all of them those of the page before
def _told(words: Wording, message: str) -> Markup:
    """Give a message without variables, as `trans` does: it may hold tags of ours."""
    return Markup(words.gettext(message)) % ()  # noqa: S704  # of our catalogues


def _share(words: Wording, value: float) -> str:
    """Write a share of one in percent, with one digit."""
    tenths = Decimal(str(value * 100)).quantize(Decimal("0.1"))
    return words.gettext("%(number)s %%") % {"number": words.number(tenths)}


def _amount(words: Wording, value: str) -> str:
    """Write a decimal number with its thousands apart; anything else as it is."""
    try:
        return words.number(Decimal(value))
    except InvalidOperation:
        return value


def page(
    template: str,
    *,
    languages: Sequence[str] = (),
    status: int = 200,
    **content: Any,  # noqa: ANN401  # Jinja
) -> Response:
    """Fill a template in the first of the languages that there are words for.

    Everything that is put in is escaped.
    """
    language = wording(languages).language
    offered = switches(languages)
    known = {"switches": offered, "as_of": release_in(languages)}
    written = _environment(language).get_template(template).render({**known, **content})
    body = kept(written, languages)
    headers = {"Vary": "Accept, Accept-Language"}
    return Response(body, status, headers, "text/html; charset=utf-8")


def _languages(scope: Scope) -> ReaderLanguages:
    """Read the languages of a request that no route has read."""
    asked = scope["query_string"].decode("latin-1")
    return ReaderLanguages.of(accepted(header(scope, b"accept-language")), asked, chosen_in(asked))


def failure(scope: Scope, error: Exception) -> Response:
    """Tell an error: as a page to a browser, as a problem document to all others."""
    problem = problem_of(error, scope["path"], scope.get("state", {}).get("request_id", ""))
    if wants_html(header(scope, b"accept")):
        response = page(
            "problem.html",
            languages=_languages(scope),
            status=problem.type.status,
            as_of=None,
            problem=problem,
        )
        response.headers.update(problem.headers)
        return response
    headers = {**problem.headers, "Access-Control-Allow-Origin": "*"}
    return Response(problem.body(), problem.type.status, headers, MEDIA_TYPE)
