"""Addresses of views: a path with the state of what it shows, from which others are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a view: a path with its state, from which others are made."""

    path: str
    state: Mapping[str, str]

    def but(self, path: str | None = None, **changes: str | int | None) -> str:
        """Give the address with some parameters changed; None takes one out.

        Parameters are named as in Python: `nodes_from` is `nodes-from`, `from_` is `from`.
        """
        named = {key.rstrip("_").replace("_", "-"): value for key, value in changes.items()}
        state = {**self.state, **named}
        # Slashes and commas stay legible: they need no escape in a query.
        asked = urlencode(
            {key: value for key, value in state.items() if value not in {None, ""}}, safe="/,"
        )
        target = self.path if path is None else path
        return f"{target}?{asked}" if asked else target

    def without(self, *names: str) -> str:
        """Give the address without some parameters."""
        return Address(
            self.path, {key: value for key, value in self.state.items() if key not in names}
        ).but()
