"""Pages for training, laid out and rendered by Chromium: content, views, a client of the browser, and the pack."""
