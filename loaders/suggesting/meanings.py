"""Meanings: what columns say in any table, and the models by the meanings of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from ruamel.yaml import YAML

from loaders.language.models import SHARED, Model, read_model

IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning as it looks: how it is written, what it needs, and what speaks for it.

    `named` are the lists of terms that columns with it are called by.
    """

    named: tuple[str, ...]
    sort: str
    needs: Mapping[str, float]
    weighs: Mapping[str, float]
    alone: float = 0.0
    rare: float = 0.0
    several: bool = False

    def fitness(self, features: Mapping[str, float]) -> float | None:
        """Tell from 0 to 1 how well values fit; None where they cannot mean this."""
        for name, bound in self.needs.items():
            found = features.get(name, 0.0)
            # A negative need is what there may be at most.
            if (bound >= 0 and found < bound) or (bound < 0 and found > -bound):
                return None
        total = sum(weight * features.get(name, 0.0) for name, weight in self.weighs.items())
        return min(1.0, max(0.0, total))


@dataclass(frozen=True, slots=True)
class Target:
    """What a table may be: a model by the meanings of its fields.

    `fields` has the meanings that no model uses, such as contacts, under their own names.
    """

    model: Model
    fields: Mapping[str, Meaning]

    @property
    def name(self) -> str:
        """Give the name of the model."""
        return self.model.name


def read_meanings() -> dict[str, Meaning]:
    """Read what the values of each meaning look like, and what its columns are called."""
    text = (resources.files("loaders") / "suggesting" / "profiles.yaml").read_text("utf-8")
    document = YAML(typ="safe", pure=True).load(text)
    return {
        name: Meaning(**{**given, "named": tuple(given.get("named", (name,)))})
        for name, given in document.items()
    }


def read_targets() -> dict[str, Target]:
    """Read the models that come with the project; fields without a meaning are not proposed."""
    meanings = read_meanings()
    aside = {name: meaning for name, meaning in meanings.items() if meaning.sort == IGNORED}
    targets: dict[str, Target] = {}
    for path in sorted(SHARED.glob("*.yaml")):
        model = read_model(path.stem, path.parent)
        named = {name: field.meaning or name for name, field in model.fields.items()}
        known = {name: meanings[word] for name, word in named.items() if word in meanings}
        targets[model.name] = Target(model, {**known, **aside})
    return targets
