"""The page /soeg/."""
