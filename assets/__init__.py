"""What is shipped beside the code: the starter model, samples, words and the look of the page."""
