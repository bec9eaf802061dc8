"""What was proved of a release in one environment, signed, so that another environment can rely on it."""
