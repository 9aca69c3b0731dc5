"""The loaders: from published tables, by mappings, to statements and their receipts."""
