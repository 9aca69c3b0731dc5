"""When things begin: the document, and its drawings."""
