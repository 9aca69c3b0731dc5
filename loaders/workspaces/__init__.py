"""Workspaces: a folder of its own for a centre, with spreadsheets to fill in and their mappings."""
