"""Every read that a page of deliberation needs; a fixed number of SQL queries each."""
