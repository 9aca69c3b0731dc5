"""Seeded random queries over random graphs, to compare one engine with another."""

from __future__ import annotations

import random

from tests.graph.random_expressions import condition, constant, function
from tests.graph.random_graphs import BASE, PREDICATES, SORTS, XSD

_PROLOGUE = f"PREFIX : <{BASE}>\nPREFIX xsd: <{XSD}>\n"
_NUMBERS = {"decimal", "integer"}


class Queries:
    """Makes queries, one after another."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # no secret
        self._sorts: dict[str, str] = {}

    def next(self) -> str:
        """Give a query."""
        self._sorts = {}
        body = self._body()
        names = list(self._sorts)
        if self._often(0.6):
            return _PROLOGUE + self._aggregate(body, names)
        shown = self._some(names, 3)
        distinct = "DISTINCT " if self._often(0.3) else ""
        head = "*" if self._often(0.1) else " ".join(f"?{name}" for name in shown)
        order = self._order(shown) if self._often(0.4) else ""
        return f"{_PROLOGUE}SELECT {distinct}{head} WHERE {{ {body} }} {order}"

    def _body(self) -> str:
        first = self._variable("project")
        parts = [self._pattern(first) for _ in range(self._chance.randrange(1, 4))]
        extras, filters = self._chance.choice((0, 0, 1, 1, 2)), self._chance.choice((0, 1, 1, 2))
        parts += [self._extra(first) for _ in range(extras)]
        parts += [self._filter() for _ in range(filters)]
        if self._often(0.15):
            name = self._any()
            self._sorts["b"] = "any"
            parts.append(f"BIND({function(self._chance, name)} AS ?b)")
        return " ".join(parts)

    def _filter(self) -> str:
        return f"FILTER({condition(self._chance, self._sorts)})"

    def _extra(self, first: str) -> str:
        kinds = ("optional", "optional", "union", "minus", "not", "values", "sub", "all")
        kind = self._chance.choice(kinds)
        if kind == "values":
            given = " ".join(f":project{self._chance.randrange(42)}" for _ in range(5))
            return f"VALUES ?{first} {{ {given} }}"
        if kind == "all":
            self._sorts.update(p="predicate", o="any")
            return f"?{first} ?p ?o ."
        known = dict(self._sorts)
        inner = self._pattern(first)
        if kind == "union":
            return f"{{ {inner} }} UNION {{ {self._pattern(first)} }}"
        filtered = f"{{ {inner} {self._filter() if self._often(0.3) else ''} }}"
        if kind == "optional":
            return f"OPTIONAL {filtered}"
        self._sorts = known  # what is inside is not seen outside
        if kind == "sub":
            self._sorts["n"] = "integer"
            return f"{{ SELECT ?{first} (COUNT(*) AS ?n) WHERE {{ {inner} }} GROUP BY ?{first} }}"
        return f"{'MINUS' if kind == 'minus' else 'FILTER NOT EXISTS'} {filtered}"

    def _pattern(self, fallback: str) -> str:
        subject = self._any()
        if self._sorts[subject] not in SORTS:
            subject = fallback
        sort = self._sorts[subject]
        if self._often(0.15):
            return f"?{subject} a :{sort.title()} ."
        name = self._chance.choice([n for n, (source, _) in PREDICATES.items() if source == sort])
        target = PREDICATES[name][1]
        further = [n for n, (source, _) in PREDICATES.items() if source == target]
        if further and self._often(0.3):
            last = self._chance.choice(further)
            joint = self._chance.choice("/////|")
            return f"?{subject} :{name}{joint}:{last} ?{self._variable(PREDICATES[last][1])} ."
        if target in SORTS and self._often(0.1):
            return f"?{self._variable(target)} ^:{name} ?{subject} ."
        if self._often(0.12):
            return f"?{subject} :{name} {constant(self._chance, target)} ."
        return f"?{subject} :{name} ?{self._variable(target)} ."

    def _aggregate(self, body: str, names: list[str]) -> str:
        keys = self._some(names, 2) if self._often(0.8) else []
        items = [(f"v{number}", self._item(names)) for number in range(self._count(3))]
        group = f"GROUP BY {' '.join(f'?{key}' for key in keys)}" if keys else ""
        if keys and self._often(0.2):
            group, keys = f"GROUP BY ({function(self._chance, keys[0])} AS ?k)", ["k"]
        told = (*(f"?{key}" for key in keys), *(f"({item} AS ?{name})" for name, item in items))
        having = ""
        if self._often(0.25):
            compared = self._chance.choice("<>")
            limit = constant(self._chance, "decimal")
            having = f"HAVING({self._chance.choice(items)[1]} {compared} {limit})"
        order = self._order([*keys, *dict(items)]) if self._often(0.5) else ""
        return f"SELECT {' '.join(told)} WHERE {{ {body} }} {group} {having} {order}"

    def _item(self, names: list[str]) -> str:
        numeric = [name for name in names if self._sorts[name] in _NUMBERS]
        name = self._chance.choice(numeric if numeric and self._often(0.9) else names)
        called = self._chance.choice(("COUNT", "COUNT", "SUM", "AVG", "MIN", "MAX"))
        distinct = "DISTINCT " if self._often(0.3) else ""
        if called == "COUNT" and self._often(0.5):
            return "COUNT(*)"
        return f"{called}({distinct}?{name})"

    def _order(self, names: list[str]) -> str:
        chosen = self._some(names, 2)
        keys = " ".join(self._chance.choice(("?{}", "DESC(?{})")).format(name) for name in chosen)
        limit = f"LIMIT {self._count(12)}" if self._often(0.6) else ""
        offset = f"OFFSET {self._count(3)}" if limit and self._often(0.2) else ""
        return f"ORDER BY {keys} {limit} {offset}"

    def _variable(self, sort: str) -> str:
        known = [name for name, other in self._sorts.items() if other == sort]
        if known and self._often(0.25):
            return self._chance.choice(known)
        name = f"{sort[0]}{len(self._sorts)}"
        self._sorts[name] = sort
        return name

    def _any(self) -> str:
        return self._chance.choice(list(self._sorts))

    def _some(self, names: list[str], most: int) -> list[str]:
        return self._chance.sample(names, self._count(min(most, len(names))))

    def _count(self, most: int) -> int:
        return self._chance.randrange(1, most + 1)

    def _often(self, share: float) -> bool:
        return self._chance.random() < share
