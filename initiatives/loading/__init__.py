"""Programmes from a file, the demo's and invented ones."""
