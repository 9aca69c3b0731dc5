"""Finding things of all kinds: the documents, and the page."""
