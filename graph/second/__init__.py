"""A second engine beside the store: sums, counts and searches over columns.

It answers a part of SPARQL, over the default graph of a release, exactly as the store does or not
at all. Nothing but the build and the query workers knows it: without the folder that
`encoding.build` makes, the store answers everything.

`engine.Second` loads polars, which starts threads: a process that forks others must not import it.
"""
