"""What knows nothing of the features: where rows are kept, where files are, how to log."""
