"""What must be in an account before the first update of an environment, and belongs to no stack."""
