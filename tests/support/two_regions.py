"""Settings of a mainnet of two regions, with one miner in each."""

REGIONS = {"eu-west-1": {"cidr": "10.32.0.0/16"}, "us-east-1": {"cidr": "10.33.0.0/16"}}
LICENCE = "arn:aws:secretsmanager:{}:444455556666:secret:aerospike-feature-key-AbCdEf"
MINERS = {
    name: {"region": region, "utxoStore": {"featureKey": LICENCE.format(region)}}
    for name, region in (("miner-1", "eu-west-1"), ("miner-2", "us-east-1"))
}
SETTINGS = {"regions": REGIONS, "miners": MINERS, "utxoStore": None}
"""Changes of the stack file `mainnet`, as `stack_file` takes them."""
