"""Federated queries: ours and another graph asked at once, with a recording for its silence."""
