"""The nouns: frozen, checked when made; no files, no solver, no words for people."""
