"""Dumps: a release as files to take away, each with its size and checksum."""
