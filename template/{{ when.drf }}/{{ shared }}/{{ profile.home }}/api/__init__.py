"""What the API of every app is made of: base classes, strict fields, filters, problem details, the schema."""
