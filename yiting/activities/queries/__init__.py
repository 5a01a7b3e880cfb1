"""Every read that a page of activities needs; a fixed number of SQL queries each."""
