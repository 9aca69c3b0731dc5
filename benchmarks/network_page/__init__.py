"""The page of a network in Chromium, beside pyvis as it comes."""
