"""The dealership itself: rooms that know nothing of the web."""
