"""What every form shares: the version it was shown for, and the conflict."""
