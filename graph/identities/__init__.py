"""Who is who: the ledger of judgements, what follows from it, and what proposes new ones."""
