"""From a file to examples worth training on: read, detect, convert, diagnose, clean, split, tokenize."""
