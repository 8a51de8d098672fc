"""Formulas of training compute, which know nothing of claims or pages; this package imports none of its modules."""
