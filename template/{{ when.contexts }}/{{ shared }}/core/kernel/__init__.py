"""The shared kernel: what the domain and application layers of every context are made of. Plain Python only."""
