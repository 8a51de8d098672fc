"""From a job and a layout to seconds: performance, calibration, intervals, prediction, layouts, accuracy."""
