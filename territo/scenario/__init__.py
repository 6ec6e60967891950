"""Scenario and catalogue files: their keys, their checks, their merging."""
