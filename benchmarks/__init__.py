"""What `make bench` prints."""
