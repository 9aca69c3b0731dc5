"""Where things and money are: the document, its drawing, and the question behind it."""
