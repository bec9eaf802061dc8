"""The ``random`` provider. Values depend on the URN only, so that two runs agree; they are no secrets of anything."""

import base64
import string

from simulator.types.base import Request, ResourceModel
from simulator.values import JSON

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_BCRYPT_ALPHABET = "./" + string.ascii_letters + string.digits


def _bytes(request: Request, count: int) -> bytes:
    blocks = -(-count // 32)
    return b"".join(bytes.fromhex(request.digest(64, f"block-{index}")) for index in range(blocks))[:count]


def _count(request: Request, key: str) -> int:
    value = request.inputs.get(key)
    return int(value) if isinstance(value, (int, float)) else 0


def _alphabet(request: Request) -> str:
    classes = (
        ("lower", string.ascii_lowercase),
        ("upper", string.ascii_uppercase),
        ("numeric", string.digits),
        ("special", request.text("overrideSpecial", _SPECIAL)),
    )
    return "".join(characters for key, characters in classes if request.inputs.get(key) is not False)


def _password(request: Request, _: str) -> dict[str, JSON]:
    digest = "".join(_BCRYPT_ALPHABET[byte % 64] for byte in _bytes(request, 53))
    return {"bcryptHash": f"$2a$10${digest}", **_string(request, _)}


def _string(request: Request, _: str) -> dict[str, JSON]:
    alphabet = _alphabet(request) or string.ascii_lowercase
    return {"result": "".join(alphabet[byte % len(alphabet)] for byte in _bytes(request, _count(request, "length")))}


def _random_bytes(request: Request, _: str) -> dict[str, JSON]:
    value = _bytes(request, _count(request, "length"))
    return {"base64": base64.b64encode(value).decode(), "hex": value.hex()}


def _random_id(request: Request, _: str) -> dict[str, JSON]:
    value, prefix = _bytes(request, _count(request, "byteLength")), request.text("prefix")
    return {
        "b64Std": prefix + base64.b64encode(value).decode(),
        "b64Url": prefix + _url_base64(value),
        "dec": f"{prefix}{int.from_bytes(value)}",
        "hex": prefix + value.hex(),
    }


def _url_base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


_CHARACTERS: dict[str, JSON] = {
    "lower": True,
    "minLower": 0,
    "minNumeric": 0,
    "minSpecial": 0,
    "minUpper": 0,
    "number": True,
    "numeric": True,
    "special": True,
    "upper": True,
}

MODELS = (
    ResourceModel(
        "random:index/randomPassword:RandomPassword",
        identify=lambda _: "none",
        compute=_password,
        defaults=_CHARACTERS,
        secret_outputs=frozenset({"bcryptHash", "result"}),
    ),
    ResourceModel(
        "random:index/randomString:RandomString",
        identify=lambda request: str(_string(request, "")["result"]),
        compute=_string,
        defaults=_CHARACTERS,
    ),
    ResourceModel(
        "random:index/randomUuid:RandomUuid",
        identify=lambda request: request.uuid("result"),
        compute=lambda request, _: {"result": request.uuid("result")},
    ),
    ResourceModel(
        "random:index/randomBytes:RandomBytes",
        identify=lambda request: base64.b64encode(_bytes(request, _count(request, "length"))).decode(),
        compute=_random_bytes,
        secret_outputs=frozenset({"base64", "hex"}),
    ),
    ResourceModel(
        "random:index/randomId:RandomId",
        identify=lambda request: _url_base64(_bytes(request, _count(request, "byteLength"))),
        compute=_random_id,
    ),
)
