"""Writing: edits by hand, published as releases by the one process that writes to a home."""
