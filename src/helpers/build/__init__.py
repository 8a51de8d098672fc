"""From notebooks to the report: parameters, execution, build, command line."""
