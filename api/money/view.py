"""Reading a view of money from the fact tables: its sort, its bands and links, its years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from api.addresses import Address
from api.exchange import exchange_of
from api.money.names import Naming
from api.money.sorts import SortTotal, most_telling, sorts_of
from api.money.state import FUNDING, NAMES, MoneyAsked, plain, sort_filters, sort_name
from graph.dataset import Dataset
from graph.facts.cubes import MONEY
from graph.facts.dimensions import Dimension, Values
from graph.facts.filtering import band as band_filter
from graph.facts.flows import OTHERS, Flow, flows
from graph.facts.flows import Money as Sums
from graph.facts.following import Band as Key
from graph.labels import Label
from graph.rates import Exchange, cents
from visualisations.money import view as shown
from visualisations.wording import Wording

_MOST_TOP = 60  # bands of a step, above which a picture cannot be read
_YEARS = 1_000  # more than there are
_PARTS = 6  # bands that a year is divided by, beside the rest


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the sorts of money that there are, the one shown, and its view."""

    sorts: tuple[SortTotal, ...]
    chosen: SortTotal | None
    view: shown.View | None
    exchange: Exchange | None


def read_money(
    dataset: Dataset, asked: MoneyAsked, languages: Sequence[str], words: Wording
) -> Found:
    """Read a view of money; without a view where nothing fits its filters.

    ParameterError as for flows.
    """
    naming = Naming(dataset, languages, words)
    exchange = exchange_of(dataset, asked.target)
    filters = plain(dataset.facts, asked.filters)
    sorts = tuple(sorts_of(dataset, filters, naming, exchange))
    if asked.money is None:
        chosen = most_telling(dataset, asked, filters, sorts)
    else:
        sort_filters(asked.money)
        # Of a sort that is empty, the reader is told so, and which others there are.
        chosen = next((item for item in sorts if item.name == asked.money), None)
    if chosen is None:
        return Found(sorts, None, None, exchange)
    kept = filters | sort_filters(chosen.name)
    if exchange is not None:
        kept.pop("currency")
    reading = _Reading(dataset, replace(asked, money=chosen.name), chosen, naming, kept, exchange)
    return Found(sorts, chosen, reading.view(), exchange)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads one sort of money."""

    dataset: Dataset
    asked: MoneyAsked
    sort: SortTotal
    naming: Naming
    filters: Mapping[str, str]
    exchange: Exchange | None

    def view(self) -> shown.View | None:
        flow = self._flow(self.asked.through, self.asked.top, self.exchange)
        if flow is None:
            return None
        bands = self._bands(flow, self.asked.through)
        steps = tuple(
            shown.Step(
                self.naming.words.gettext(NAMES.get(name, name)),
                tuple(band for (at, _), band in bands.items() if at == step),
            )
            for step, name in enumerate(self.asked.through)
        )
        links = tuple(
            shown.Link(
                bands[step, one],
                bands[step + 1, other],
                self._money(sums),
                self._rows({self.asked.through[step]: one, self.asked.through[step + 1]: other}),
            )
            for (step, one, other), sums in flow.links.items()
        )
        return self._with_years(
            shown.View(self.sort.words, self.sort.currency, self._money(flow.total), steps, links)
        )

    def _flow(self, through: Sequence[str], top: int, exchange: Exchange | None) -> Flow | None:
        found = flows(self.dataset.facts, through, self.filters, top, exchange)
        return next((flow for flow in found if sort_name(flow.sort) == self.sort.name), None)

    def _bands(self, flow: Flow, through: Sequence[str]) -> dict[tuple[int, Key], shown.Band]:
        keys: dict[int, set[str]] = {step: set() for step in range(len(through))}
        for step, key in flow.bands:
            keys[step] |= set(_keys(FUNDING.dimension(through[step]), key))
        labels = {
            step: self.naming.of(FUNDING.dimension(through[step]), found)
            for step, found in keys.items()
        }
        ordered = sorted(flow.bands.items(), key=lambda item: _chronology(through, *item[0]))
        return {
            (step, key): self._band(through, step, key, sums, labels[step], flow)
            for (step, key), sums in ordered
        }

    def _band(
        self,
        through: Sequence[str],
        step: int,
        key: Key,
        sums: Sums,
        labels: Mapping[str, Label],
        flow: Flow,
    ) -> shown.Band:
        item = FUNDING.dimension(through[step])
        keys = _keys(item, key)
        page = self.naming.page(item, keys[0]) if len(keys) == 1 else None
        return shown.Band(
            step,
            tuple(labels[one] for one in keys),
            self._money(sums),
            flow.others.get(step, 0) if key == OTHERS else 0,
            key is None,
            self._more() if key == OTHERS else self._rows({item.name: key}),
            page,
        )

    def _money(self, sums: Sums) -> shown.Money:
        total = sums.sum
        if total is not None and self.exchange is not None:
            total = cents(total)
        return shown.Money(sums.amounts, total, sums.disputed, sums.missing)

    def _rows(self, bands: Mapping[str, Key]) -> str | None:
        """Give the address of the rows of bands; None where some are drawn as one."""
        if OTHERS in bands.values():
            return None
        state = dict(self.asked.filters)
        if self.exchange is None:
            state["money"] = self.sort.name
        else:
            state |= {name: text for name, text in self.filters.items() if name in MONEY}
        for name, key in bands.items():
            state[name] = band_filter(_keys(FUNDING.dimension(name), key) or None)
        return Address("/money/rows", state).but()

    def _more(self) -> str | None:
        """Give the address of the same with more bands told apart."""
        if self.asked.top >= _MOST_TOP:
            return None
        return self.asked.address().but(top=min(3 * self.asked.top, _MOST_TOP)) + "#flow"

    def _with_years(self, view: shown.View) -> shown.View:
        """Add the same money over years, divided by the first step that is no year."""
        by = next(name for name in self.asked.through if name != "year")
        again = (
            None if self.exchange is None else Exchange(self.exchange.rates, self.exchange.target)
        )
        flow = self._flow((by, "year"), _YEARS, again)
        if flow is None:
            return view
        bands = self._bands(flow, (by, "year"))
        known: list[Key] = [key for step, key in bands if step == 0 and key is not None]
        named = [key for key in known if key != OTHERS][:_PARTS]
        rest = [key for key in known if key not in named]
        parts = [bands[0, key] for key in named]
        if rest:
            made_of = sum(bands[0, key].made_of or 1 for key in rest)
            parts.append(replace(bands[0, rest[0]], made_of=made_of, labels=(), address=None))
        groups: list[list[Key]] = [[key] for key in named]
        if rest:
            groups.append(rest)
        if (0, None) in bands:
            parts.append(bands[0, None])
            groups.append([None])
        sums = {(one, year): money.sum for (_, one, year), money in flow.links.items()}
        years = [
            shown.Year(
                key,
                band.money,
                tuple(
                    sum((sums.get((one, key)) or Decimal(0) for one in group), Decimal(0))
                    for group in groups
                ),
                band.address,
            )
            for (step, key), band in bands.items()
            if step == 1 and key != OTHERS
        ]
        return replace(
            view,
            parts=tuple(parts),
            part_step=self.naming.words.gettext(NAMES[by]),
            years=tuple(years),
        )


def _keys(item: Dimension, key: Key) -> list[str]:
    """Divide what a band has together; nothing for what is unknown or drawn as one."""
    if key is None or key == OTHERS:
        return []
    return key.split("; ") if item.values is Values.SEVERAL else [key]


def _chronology(through: Sequence[str], step: int, key: Key) -> tuple[int, bool, str]:
    """Order years by time, and leave all else by size, as it is."""
    year = key if through[step] == "year" and key is not None and key != OTHERS else ""
    return step, key is None or key == OTHERS, year
