"""Every read of ballots that a page or another module needs."""
