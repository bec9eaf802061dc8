"""Measures what evaluating a stack costs: ``python -m bench``."""
