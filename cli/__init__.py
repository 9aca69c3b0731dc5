"""The command line `sikg`."""
