"""Whether an environment is still what its state says, and whether there is more of it than the state knows."""
