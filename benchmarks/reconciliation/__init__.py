"""How well and how fast names are reconciled, against gold sets made of published records."""
