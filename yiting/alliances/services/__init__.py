"""Every write of alliances: one function a use case."""
