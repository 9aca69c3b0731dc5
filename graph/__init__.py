"""The graph: store, releases, receipts, identity, queries, search, validation and networks."""
