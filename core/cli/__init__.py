"""The same Studio without a page."""
