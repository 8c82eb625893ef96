"""The gates of the constitution: gates.toml lists them, `make gates` checks them."""
