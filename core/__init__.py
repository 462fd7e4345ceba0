"""The engine: data, plans, training, chat and export. It knows nothing of the page."""
