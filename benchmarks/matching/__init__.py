"""How well pairs of names are proposed, against gold sets made of published records."""
