"""People: accounts, roles at organisations, pseudonymous persons and their sealed personal records."""
