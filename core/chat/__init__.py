"""Base and tuned model, asked the same, side by side."""
