"""The tables that only one chapter shows, beside its notebook."""
