"""The rows of the page Måneden: each initiative last month, before the meeting, and now."""
