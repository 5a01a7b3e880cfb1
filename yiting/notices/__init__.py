"""Notices: an outbox written with the change it tells of and sent after the commit, and an inbox."""
