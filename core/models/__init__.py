"""Which models may be tuned, and how they are opened."""
