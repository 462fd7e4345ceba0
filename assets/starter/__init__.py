"""The base model that is always there."""
