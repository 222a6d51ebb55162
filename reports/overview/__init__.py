"""The front page, Overblik."""
