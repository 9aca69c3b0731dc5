"""The catalogue of a release in the words of DCAT-AP 3, which portals of open data harvest."""
