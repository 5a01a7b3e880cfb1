"""Every write of activities: one function a use case."""
