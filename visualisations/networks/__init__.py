"""Networks as pictures: placed names, marks, lines and legends, drawn on the server."""
