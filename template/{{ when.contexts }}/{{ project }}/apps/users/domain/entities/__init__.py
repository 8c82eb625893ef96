"""What has an identity in this context."""
