"""The monthly report as a view model."""
