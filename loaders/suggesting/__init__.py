"""Suggesting: a complete mapping for a list of operations that was never seen before."""
