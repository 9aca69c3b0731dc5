"""Fetching: tables at addresses and answers of endpoints, as files of this machine."""
