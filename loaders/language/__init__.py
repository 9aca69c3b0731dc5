"""The mapping language: its files read and checked, and what is written short made whole."""
