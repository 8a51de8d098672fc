"""The command line: arguments in, one call, lines out."""
