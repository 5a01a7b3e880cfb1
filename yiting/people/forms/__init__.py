"""Forms of people: shape only."""
