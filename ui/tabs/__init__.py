"""One module per tab: typed components, pure presenters, build(), wire()."""
