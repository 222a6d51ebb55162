"""The history of an initiative, as sentences and as a part of its page."""
