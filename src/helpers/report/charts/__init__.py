"""Charts of the chapters, a module for each chapter and a function for each chart."""
