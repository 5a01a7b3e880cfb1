"""Tables of deliberation; constraints only, no rules."""
