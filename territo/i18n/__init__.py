"""Sentences for people, by key and language."""
