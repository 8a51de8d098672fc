"""The translators' tool: which texts the catalogue lacks."""
