"""The difference between two plan documents, as sentences and as a page."""
