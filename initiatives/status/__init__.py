"""Statustabellen, and judging the status of an initiative."""
