"""Building: all sources checked together, loaded, described and published as a release."""
