"""Every read that a page of alliances needs; a fixed number of SQL queries each."""
