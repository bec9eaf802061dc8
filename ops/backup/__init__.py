"""A consistent set of one miner's data: its databases, its UTXO store and its files, taken while its services stand."""
