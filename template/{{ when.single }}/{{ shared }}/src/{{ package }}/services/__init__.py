"""What the features do. A service takes a storage, and knows neither a database nor a terminal."""
