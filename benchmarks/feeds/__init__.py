"""Feeds: how long a node takes to tell what it states, and another to have it."""
