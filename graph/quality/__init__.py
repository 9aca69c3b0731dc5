"""The quality of a release: a scoreboard per source, its history, and the same as RDF (DQV)."""
