"""The page /deadlines/."""
