"""The command line for those who run environments: ``python -m ops``."""
