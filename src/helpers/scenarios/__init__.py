"""Scenarios: what would it take, for one or for millions."""
