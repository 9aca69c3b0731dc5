"""Progress: how long work tells its user where it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told of each step of a build."""

    def step(self, description: str, total: int) -> None:
        """Begin a step of a known number of parts."""

    def advance(self) -> None:
        """Finish one part of the step."""


class Silent:
    """Tells nobody."""

    def step(self, description: str, total: int) -> None:
        """Do nothing."""

    def advance(self) -> None:
        """Do nothing."""
