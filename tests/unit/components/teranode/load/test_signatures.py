"""Keys, signatures and transactions of the load, against other implementations and published values."""

import hashlib
import random

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from components import credentials
from components.teranode.scripts.load import curve, transactions, wallet
from tests.support import strict_transactions

CHANCE = random.Random(20_251_103)  # noqa: S311 (the same values in every run)
PRIVATE_KEYS = [1, 2, curve.ORDER - 1, *(CHANCE.randrange(1, curve.ORDER) for _ in range(20))]
TEST_WALLET = credentials.regtest_wallet_key(bytes(range(32)))


@pytest.mark.parametrize("private", PRIVATE_KEYS)
def test_public_keys_are_those_of_openssl(private: int) -> None:
    expected = ec.derive_private_key(private, ec.SECP256K1()).public_key()

    assert curve.public_key(private) == expected.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


@pytest.mark.parametrize("private", PRIVATE_KEYS)
def test_openssl_takes_the_signatures_and_no_other_ones(private: int) -> None:
    digest = CHANCE.randbytes(32)
    signature = curve.sign(private, digest)
    public = ec.derive_private_key(private, ec.SECP256K1()).public_key()
    r, s = utils.decode_dss_signature(signature)

    public.verify(signature, digest, ec.ECDSA(utils.Prehashed(SHA256())))
    assert utils.encode_dss_signature(r, s) == signature
    assert s <= curve.ORDER // 2
    assert curve.sign(private, digest) == signature
    assert curve.sign(private, digest[::-1]) != signature


@pytest.mark.parametrize(
    ("private", "message", "r", "s"),
    [
        # Values for secp256k1, SHA-256 and RFC 6979 that Trezor's and several other libraries test themselves with.
        (
            1,
            "Satoshi Nakamoto",
            "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
            "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
        ),
        (
            curve.ORDER - 1,
            "Satoshi Nakamoto",
            "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0",
            "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5",
        ),
        (
            1,
            "All those moments will be lost in time, like tears in rain. Time to die...",
            "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
            "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21",
        ),
    ],
)
def test_nonces_are_those_of_rfc_6979(private: int, message: str, r: str, s: str) -> None:
    signature = curve.sign(private, hashlib.sha256(message.encode()).digest())

    assert utils.decode_dss_signature(signature) == (int(r, 16), int(s, 16))


def test_the_wallet_that_this_project_generates_is_read() -> None:
    payload = base58.b58decode_check(TEST_WALLET)
    [key] = wallet.keys_of(TEST_WALLET).values()

    assert key.private == int.from_bytes(payload[1:33])
    assert str(key.private) not in repr(key)


def test_coins_of_key_one_are_paid_to_its_published_address() -> None:
    [key] = wallet.keys_of(base58.b58encode_check(b"\xef" + (1).to_bytes(32) + b"\x01").decode()).values()

    # The address of private key 1 on test networks, known everywhere.
    assert base58.b58encode_check(b"\x6f" + key.script[3:23]).decode() == "mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r"
    assert (key.script[:3], key.script[23:]) == (b"\x76\xa9\x14", b"\x88\xac")


def test_a_wallet_may_have_several_keys() -> None:
    others = [credentials.regtest_wallet_key(bytes([number]) * 32) for number in (1, 2)]
    keys = wallet.keys_of(f"{TEST_WALLET} | {' | '.join(others)}")

    assert len(keys) == 3
    assert all(key.script == script for script, key in keys.items())


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("", "holds no key"),
        (" | ", "holds no key"),
        (TEST_WALLET[:-1] + "1", "checksum"),
        (TEST_WALLET + "0", "base58"),
        (TEST_WALLET[:20], "checksum"),
        (base58.b58encode_check(b"\x80" + bytes([7]) * 32 + b"\x01").decode(), "real coins"),
        (base58.b58encode_check(b"\xef" + bytes([7]) * 31).decode(), "import format"),
        (base58.b58encode_check(b"\xef" + bytes([7]) * 32 + b"\x02").decode(), "import format"),
        (base58.b58encode_check(b"\xef" + bytes(32) + b"\x01").decode(), "below the order"),
        (base58.b58encode_check(b"\xef" + b"\xff" * 32 + b"\x01").decode(), "below the order"),
    ],
)
def test_what_is_no_wallet_of_a_test_network_is_refused_and_not_quoted(setting: str, reason: str) -> None:
    with pytest.raises(wallet.WalletError, match=reason) as caught:
        wallet.keys_of(setting)

    assert setting.strip() == "" or setting not in str(caught.value)


def spending(outputs: int, satoshis: int = 5_000_000_000) -> transactions.Transaction:
    [key] = wallet.keys_of(TEST_WALLET).values()
    paid = [transactions.Output(1 + number, key.script) for number in range(outputs)]
    return transactions.spend(CHANCE.randbytes(32), 300, transactions.Output(satoshis, key.script), key, paid)


@pytest.mark.parametrize("outputs", [1, 2, 252, 253, 300])
def test_another_reader_finds_each_transaction_valid(outputs: int) -> None:
    transaction = spending(outputs)
    found = strict_transactions.taken_apart(transaction.extended)
    strict_transactions.check_signature(found, 0)

    assert (found.txid, found.plain, len(found.outputs)) == (transaction.txid, transaction.plain, outputs)


@pytest.mark.parametrize("change", ["amount", "output", "index"])
def test_a_signature_is_of_nothing_else(change: str) -> None:
    found = strict_transactions.taken_apart(spending(1).extended)
    txid, index, unlocking, spent = found.inputs[0]
    if change == "amount":
        spent.satoshis += 1
    elif change == "output":
        found.outputs[0].satoshis += 1
    else:
        found.inputs[0] = (txid, index + 1, unlocking, spent)

    with pytest.raises(strict_transactions.Invalid, match="something else"):
        strict_transactions.check_signature(found, 0)


@pytest.mark.parametrize("form", ["plain", "extended"])
def test_what_is_written_is_read_again(form: str) -> None:
    transaction = spending(300)
    again = transactions.read_one(getattr(transaction, form))

    assert again.plain == transaction.plain
    assert again.txid == transaction.txid
    assert (again == transaction) is (form == "extended")


def test_the_first_transaction_of_mainnet_is_read() -> None:
    """The coinbase of the genesis block: its id stands in every block explorer."""
    data = bytes.fromhex(
        "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054"
        "696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420"
        "666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61"
        "deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000"
    )
    found = transactions.read_one(data)

    assert transactions.shown(found.txid) == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    assert found.plain == data


@pytest.mark.parametrize("cut", [0, 3, 4, 5, 40, 100, -1])
def test_bytes_that_end_early_or_go_on_are_no_transaction(cut: int) -> None:
    data = spending(2).extended

    for wrong in (data[:cut], data + b"\0"):
        with pytest.raises(transactions.MalformedError):
            transactions.read_one(wrong)
    with pytest.raises(transactions.MalformedError):
        transactions.read_one(data[:4] + b"\0\0\0\0\0\xee" + data[10:])


@pytest.mark.parametrize("text", ["", "zz", "00" * 31, "00" * 33])
def test_what_is_no_id_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(transactions.MalformedError):
        transactions.hidden(text)


def test_only_what_says_what_it_spends_can_be_extended() -> None:
    coinbase = transactions.read_one(spending(1).plain)

    with pytest.raises(ValueError, match="what its inputs spend"):
        _ = coinbase.extended
