"""The Content-Security-Policy of a page: which scripts and styles its own hashes allow."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

# Data blocks (`<script type="application/json">`) are not run and need no permission.
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def content_security_policy(html: str) -> str:
    """Give the policy under which a page of ours works and can reach no other host.

    Allowed are only the inline scripts and styles of this very page, by their hashes; a hash is
    used and no nonce, so that the same map is the same bytes and can be cached. Meant for the
    header of that name; pages carry it in a `meta` element too, for when they are files.
    """
    return policy(_SCRIPT.findall(html), _STYLE.findall(html))


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Give the policy that allows exactly these inline scripts and styles."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hashes(scripts)}",
            f"style-src {_hashes(styles)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hashes(texts: Iterable[str]) -> str:
    digests = (sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests) or "'none'"
