"""A map of Europe as a drawing: shaded countries, arcs of cooperation, and spots.

The outlines are Natural Earth's, in the public domain, drawn once by `web/europe.mjs`.
"""

from visualisations.europe.drawing import draw
from visualisations.europe.legend import legend_rows
from visualisations.europe.outlines import europe
from visualisations.europe.picture import Arc, Area, Dot, Picture, Words

__all__ = ["Arc", "Area", "Dot", "Picture", "Words", "draw", "europe", "legend_rows"]
