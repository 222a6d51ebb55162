"""The pages of an initiative, an area, a principle and the programme."""
