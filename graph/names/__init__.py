"""Names of organisations and persons: the words that tell what bears a name, as data."""
