"""Every write of deliberation: one function a use case."""
