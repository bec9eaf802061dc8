"""A miner's Aerospike: the UTXO store of the profiles `enterprise` and `community`."""
