"""What the page of a network shows: one view of a map with its look, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from graph.dataset import Dataset
from graph.networks.asking import Asked, read_asked
from visualisations import maps
from visualisations.drawn import View
from visualisations.maps import MapSpec
from visualisations.networks.drawing import draw
from visualisations.networks.picturing import Look, scene_of
from visualisations.networks.scene import Scene
from visualisations.networks.spans import Begun, begun, read_span
from visualisations.networks.telling import alternative
from visualisations.prepared import drawn_of
from visualisations.views import view
from visualisations.wording import Wording, wording


@dataclass(frozen=True, slots=True)
class Shown:
    """A view of a map with its look, as its address asks for it."""

    dataset: Dataset
    spec: MapSpec
    state: Mapping[str, str]
    languages: Sequence[str]
    words: Wording
    view: View
    look: Look
    kept: Begun | None
    scene: Scene

    @property
    def alternative(self) -> str:
        """Say what the drawing shows."""
        return alternative(self.view, self.words, self.kept)

    def drawing(self, *, standing_alone: bool = False) -> Markup:
        """Draw it, once a view and look: pages that differ in their tables share it."""
        span = None if self.kept is None else self.kept.span
        asked = (self.spec.name, self.view.asked, self.look, span, tuple(self.languages))
        key = ("drawing", asked, standing_alone)
        return self.dataset.networks.remembered(
            key,
            lambda: draw(self.scene, self.alternative, standing_alone=standing_alone),
            lambda made: len(made) // 100,
        )


def show(dataset: Dataset, name: str, given: Mapping[str, str], languages: Sequence[str]) -> Shown:
    """Read what an address asks for and see it; ParameterError for what is impossible."""
    spec, words = maps.get(name), wording(languages)
    state = {key: value for key, value in given.items() if value}
    asked = asked_of(state)
    # Pages that differ in their years, colours and tables share it.
    seen = dataset.networks.remembered(
        ("view", spec.name, drawn_of(spec).mark, asked, tuple(languages)),
        partial(view, dataset, spec, asked, languages, words),
        lambda made: 4 * (len(made.nodes) + len(made.links)),
    )
    look = Look(state.get("colour", "kind"), state.get("size", "degree"))
    span = read_span(state.get("years", ""), seen)
    kept = None if span is None else begun(seen, span)
    scene = scene_of(seen, look, words, kept)
    return Shown(dataset, spec, state, languages, words, seen, look, kept, scene)


def asked_of(state: Mapping[str, str]) -> Asked:
    """Read what is asked; a way with one end only is one that the reader is about to choose."""
    if "from" in state and "to" not in state:
        return read_asked({key: value for key, value in state.items() if key != "from"})
    return read_asked(state)
