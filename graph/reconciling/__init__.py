"""Reconciling: which thing a name of somebody else's table means, with scores and reasons."""
