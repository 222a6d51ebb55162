"""Add, edit, move and archive rows of the plan."""
