"""The history of an initiative."""
