"""From notebooks to the report: steps and what they are made from, execution, what is put in place."""
