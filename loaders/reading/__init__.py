"""One module for each kind of file that a table can stand in."""
