"""What money pictures say in words: names of bands, sums, and what a reader would see."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from visualisations.money.view import Band, Money, View
from visualisations.wording import Wording

_SEVERAL = 3  # names that are said before the rest of a combination is only counted
_NAMED = 2


def band_name(band: Band, words: Wording) -> str:
    """Name a band: all that it has together, or what it stands for."""
    if band.unknown:
        return words.gettext("unknown")
    if band.made_of:
        return words.ngettext("%(number)s other", "%(number)s others", band.made_of) % {
            "number": words.number(band.made_of)
        }
    names = [label.text for label in band.labels]
    if len(names) <= _SEVERAL:
        return " + ".join(names)
    rest = words.ngettext("%(number)s more", "%(number)s more", len(names) - _NAMED) % {
        "number": words.number(len(names) - _NAMED)
    }
    return " + ".join([*names[:_NAMED], rest])


def amount(value: Decimal | None, currency: str, words: Wording) -> str:
    """Write a sum with its currency; that there is none to add is said and is no zero."""
    if value is None:
        return words.gettext("no sum")
    return f"{currency} {words.number(exact(value))}"


def exact(value: Decimal) -> Decimal:
    """Give a number without the zeros that end it, with cents where it has any."""
    whole = value.to_integral_value()
    if value == whole:
        return whole
    cents = value.quantize(Decimal("0.01"))
    return cents if cents == value else value.normalize()


def rounded(value: Decimal, words: Wording) -> str:
    """Write a sum short, as labels of drawings do: in billions, millions or thousands."""
    for size, name in (
        (Decimal(10**9), words.gettext("%(number)s bn")),
        (Decimal(10**6), words.gettext("%(number)s m")),
        (Decimal(10**3), words.gettext("%(number)s k")),
    ):
        if abs(value) >= size:
            short = value / size
            digits = Decimal("0.1") if short < 100 else Decimal(1)  # noqa: PLR2004  # three digits
            return name % {"number": words.number(short.quantize(digits))}
    return words.number(value.quantize(Decimal(1)))


def share(money: Money, of: Money) -> Decimal | None:
    """Give what share of a sum another is, in per cent; None where there is nothing to divide."""
    if money.sum is None or not of.sum:
        return None
    return (100 * money.sum / of.sum).quantize(Decimal("0.1"))


def amounts(money: Money, words: Wording) -> str:
    """Say how many amounts there are."""
    return words.ngettext("%(number)s amount", "%(number)s amounts", money.amounts) % {
        "number": words.number(money.amounts)
    }


def summary(view: View, words: Wording) -> str:
    """Say what the picture of a flow shows: how much in all, the largest of each step, the gaps."""
    said = [
        words.gettext("%(sort)s: %(sum)s in %(amounts)s.")
        % {
            "sort": view.sort,
            "sum": amount(view.total.sum, view.currency, words),
            "amounts": amounts(view.total, words),
        }
    ]
    said += [
        sentence for step in view.steps for sentence in _step(step.name, step.bands, view, words)
    ]
    if view.total.disputed:
        said.append(
            words.ngettext(
                "%(number)s amount on which sources disagree is left out.",
                "%(number)s amounts on which sources disagree are left out.",
                view.total.disputed,
            )
            % {"number": words.number(view.total.disputed)}
        )
    return " ".join(said)


def _step(name: str, bands: Sequence[Band], view: View, words: Wording) -> list[str]:
    known = [band for band in bands if not band.unknown and not band.made_of]
    number = len(known) + sum(band.made_of for band in bands)
    said = []
    if known:
        largest = max(known, key=lambda band: band.money.sum or 0)
        part = share(largest.money, view.total)
        said.append(
            words.gettext("%(step)s: %(number)s, the largest %(name)s with %(share)s %%.")
            % {
                "step": name,
                "number": words.number(number),
                "name": band_name(largest, words),
                "share": words.number(part) if part is not None else "?",
            }
        )
    for band in bands:
        part = share(band.money, view.total)
        if band.unknown and part is not None:
            said.append(
                words.gettext("%(step)s unknown: %(share)s %%.")
                % {"step": name, "share": words.number(part)}
            )
    return said


def over_years(view: View, words: Wording) -> str:
    """Say what the picture over years shows: from when to when, the largest year, and the gaps."""
    known = [year for year in view.years if year.year is not None and year.money.amounts]
    if not known:
        return words.gettext("No year is known of any of these amounts.")
    largest = max(known, key=lambda year: year.money.sum or 0)
    said = words.gettext("%(sort)s from %(first)s to %(last)s; most in %(year)s: %(sum)s.") % {
        "sort": view.sort,
        "first": known[0].year,
        "last": known[-1].year,
        "year": largest.year,
        "sum": amount(largest.money.sum, view.currency, words),
    }
    left = next((year for year in view.years if year.year is None), None)
    if left is not None and left.money.amounts:
        said += " " + words.ngettext(
            "The year of %(number)s amount is unknown.",
            "The year of %(number)s amounts is unknown.",
            left.money.amounts,
        ) % {"number": words.number(left.money.amounts)}
    return said


def notes(words: Wording) -> tuple[str, ...]:
    """Say what numbers of money do not tell."""
    return (
        words.gettext(
            "Amounts of different kinds, phases or currencies are never added; a total contains "
            "the share of the Union. Where one of the three is unknown, or sources give several, "
            "amounts are counted and not added."
        ),
        words.gettext(
            "What has several countries, programmes, organisations or themes stands under all of "
            "them together: nobody says how it is divided, and nothing is counted twice."
        ),
        words.gettext(
            "Amounts on which sources disagree are left out of sums and counted; projects and "
            "practices without any amount are counted, too."
        ),
        words.gettext(
            "Budgets of programmes, of which the whole contains its parts, and shares of single "
            "participants are not here."
        ),
        words.gettext("Unknown is never zero: that nothing is known does not mean there is none."),
    )
