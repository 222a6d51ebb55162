"""Who else has the form of an initiative open. It is said, and locks nothing."""
