"""SPARQL servers side by side on a synthetic funding graph: `python -m benchmarks.sparql`.

The same statements, in one graph, in this server, the `oxigraph` server, Virtuoso and
rdflib-endpoint; the same queries to each, in turn within one run.
"""
