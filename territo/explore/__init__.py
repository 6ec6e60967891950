"""Loops over runs: frontier, robustness, alternatives."""
