"""Pages of people: one's own, and those of the administrator."""
