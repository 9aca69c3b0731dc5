"""Reconciliation for other programs: the Reconciliation Service API 0.2 (W3C Community Group)."""
