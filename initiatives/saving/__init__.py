"""What every form shares: the version it was made from, and what happens when it conflicts."""
