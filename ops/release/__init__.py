"""A new release of Teranode for a stack: set in its file, then rolled out one miner at a time."""
