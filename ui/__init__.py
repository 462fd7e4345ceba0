"""The page. Knows nothing of torch."""
