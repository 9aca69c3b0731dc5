"""The Content-Security-Policy: the hashes of a page's own scripts and styles, nothing else."""

from __future__ import annotations

from visualisations.policy import content_security_policy


def test_scripts_and_styles_are_allowed_by_their_hash() -> None:
    """SHA-256 of the text, in base 64."""
    page = "<style>p{}</style><script>alert(1)</script>"
    assert content_security_policy(page) == (
        "default-src 'none'; "
        "script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='; "
        "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; "
        "base-uri 'none'; form-action 'none'"
    )


def test_data_blocks_need_no_permission() -> None:
    """JSON is not run, so it gets no hash; a page without scripts allows none."""
    page = '<script type="application/json">{}</script>'
    assert "script-src 'none'; style-src 'none'" in content_security_policy(page)
