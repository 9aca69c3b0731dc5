"""Timelines as drawings: how many things begin in each year, and each thing as a bar."""

from visualisations.timeline.bars import Bar, Lane, draw_bars
from visualisations.timeline.scale import Scale, scale
from visualisations.timeline.strips import Strip, draw_strips

__all__ = ["Bar", "Lane", "Scale", "Strip", "draw_bars", "draw_strips", "scale"]
