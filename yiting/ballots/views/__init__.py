"""The pages of ballots: thin views, one call each."""
