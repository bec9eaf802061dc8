"""Transactions that keep a regtest node busy: a program of its own, which runs in a pod beside the node.

It uses nothing but Python's standard library, since the pod has nothing else, and knows nothing of the rest of this
project. What it assumes of Teranode was read in the public source (bsv-blockchain/teranode at fb3d000cc of 3 October
2025, with newer single files as of 2026 where named):

- `generate` pays each coinbase to the P2PKH addresses of `miner_wallet_private_keys`, shared out among them, always by
  their compressed public keys (model/mining_candidate.go, model/GetCoinbaseParts.go). So the miner's own wallet key
  spends them; there is no RPC for it, wallet calls are all unimplemented (services/rpc/Server.go).
- A coinbase can be spent once the tip is 100 blocks above it (go-chaincfg of August 2026, params.go: CoinbaseMaturity;
  stores/utxo/aerospike/teranode.lua: spendingHeight). Regtest halves the subsidy every 150 blocks: from about 5000 on
  a coinbase holds fees alone.
- Propagation takes one transaction as the body of `POST /tx` at port 8833, plain or in extended format, and answers
  200 as soon as it stands in Kafka: whether it is valid shows later, in the UTXO store (services/propagation/Server.go,
  also at 006be07 of 2026; validator: services/validator/Validator.go).
- The asset service tells of the store: `GET /api/v1/utxos/<txid>/json`. It asks not more than 10 times a second for
  blocks and the like, and 1024 times for anything (settings `asset_httpHeavyRateLimit`, `asset_httpRateLimit`, 2026).
- Scripts are judged by the rules of Bitcoin SV with the replay-protected signature hash (SIGHASH_FORKID).
"""
