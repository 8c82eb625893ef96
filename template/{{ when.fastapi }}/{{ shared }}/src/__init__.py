"""The application: one folder a domain, and the modules that all domains share."""
