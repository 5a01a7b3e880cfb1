"""Pages of what is pooled: the public lists, the bench of those who give and ask, and what is done there."""
