"""Build a warehouse beside the published one and put it in its place when every test passed."""
