"""Compute Claims: an executable fact-check of what large AI models are said to cost to train."""

__version__ = "0.8.0"
