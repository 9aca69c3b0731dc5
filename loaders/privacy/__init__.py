"""Privacy: natural persons are hidden before anything is made of the rows that name them."""
