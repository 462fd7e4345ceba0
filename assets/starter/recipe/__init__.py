"""Everything needed to make the starter again."""
