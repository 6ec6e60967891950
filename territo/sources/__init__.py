"""Bytes of producers become tidy frames and nouns; the only room that opens data files."""
