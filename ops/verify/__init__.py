"""Whether a running environment is what its stack says: read from clusters and nodes, judged, nothing changed."""
