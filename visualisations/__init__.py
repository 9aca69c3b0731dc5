"""Maps of the graph: their queries, layout and pages."""
