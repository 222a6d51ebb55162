"""The page /historik/."""
