"""Replicas: what other nodes state, kept up to date from their feeds."""
