"""How well suggestions recognise the columns of lists that they were not made for."""
