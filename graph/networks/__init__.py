"""Networks: the projection of a map, narrowed, collapsed, measured and explained.

igraph computes and is imported here only. It takes most of a second to import, so that it is
imported by the first question that needs it.
"""
