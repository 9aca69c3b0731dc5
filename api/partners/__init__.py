"""Who could work with whom: the document, its page, and the report to take away."""
