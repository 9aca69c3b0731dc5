"""Elements of SVG: names and values in, escaped text out.

Attributes are named as in Python: `stroke_width` is `stroke-width`, `class_` is `class`. Values
that are None are left out. No element has a `style`, which the policy of our pages forbids:
presentation attributes and classes say how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

_DIGITS = 2  # of a coordinate, in pixels
Value = str | float | None


def element(name: str, *content: str | Markup, **attributes: Value) -> Markup:
    """Make an element; its texts are escaped, and elements that were made here are not."""
    written = "".join(f' {_name(key)}="{_value(item)}"' for key, item in _given(attributes))
    inner = Markup().join(content)
    # Both are escaped above: by `join`, and value by value.
    return Markup(f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>")  # noqa: S704


def drawing(
    width: float, height: float, *content: Markup, label: str, **attributes: Value
) -> Markup:
    """Make a drawing of a size in pixels that scales with its place, and says what it shows."""
    return element(
        "svg",
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=label,
        **attributes,
    )


def number(value: float) -> str:
    """Write a coordinate, without digits that nobody sees."""
    return f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")


def path(points: Iterable[tuple[float, float]]) -> str:
    """Write a line through points as the data of a path."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def _given(attributes: dict[str, Value]) -> Iterable[tuple[str, str | float]]:
    return ((key, value) for key, value in attributes.items() if value is not None)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return str(escape(value)) if isinstance(value, str) else number(value)
