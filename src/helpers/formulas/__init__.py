"""Formulas of training compute: accounting, architecture, memory, footprint, uncertainty.

Formulas know nothing of claims or pages. Import the module that is needed; this package imports none.
"""
