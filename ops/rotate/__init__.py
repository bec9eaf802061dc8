"""Replacing the nodes under an Aerospike store, one at a time, records kept."""
