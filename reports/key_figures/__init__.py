"""The page /noegletal/."""
