"""From results to pages: text, tables, figures and the one-file report."""
