"""The feed: what changed from release to release, in pages that others can follow."""
