"""Two logins that take turns, so that a password is replaced while the one in use stays valid."""

from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_random as random

from components import credentials, naming
from components.base import Component

_PASSWORD_CHARACTERS = 40


class Turn(StrEnum):
    """Which of the two logins."""

    A = "a"
    B = "b"


def current_turn(generation: int) -> Turn:
    """The login that generation uses: A in the first, B in the second, and so on. Generations count from 1."""
    return Turn.A if generation % 2 else Turn.B


def password_generation(turn: Turn, generation: int) -> int:
    """The generation in which the password that a login has now was made; 0 for B before its first turn.

    From one generation to the next it changes for the idle login only, which by that becomes the current one.
    """
    return generation if turn is current_turn(generation) else generation - 1


@dataclass(frozen=True, kw_only=True)
class Login:
    """A user of a store, with its password."""

    user: str
    password: pulumi.Output[str]


class DatabaseLogins(Component):
    """The two logins of a miner's databases: a password and a salt for each.

    `generation` decides which one is current. A password has letters and digits only: nothing in it means anything to a
    URL, a shell, or Teranode's settings, which expand `${…}`.

    `values` is what the database needs to know of them: names, and verifiers instead of passwords.
    """

    TOKEN = "teranode:miner_secrets:DatabaseLogins"

    current: Login
    values: dict[str, pulumi.Input[str]]

    def __init__(self, name: str, miner: str, generation: int, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        owner = naming.miner_database(miner)
        logins = {turn: self._login(turn, f"{owner}__{turn}", generation) for turn in Turn}
        self.current = logins[current_turn(generation)][0]
        self.values = {"owner": owner}
        for turn, (login, verifier) in logins.items():
            self.values |= {f"login_{turn}": login.user, f"verifier_{turn}": verifier}
        self.register_outputs({})

    def _login(self, turn: Turn, user: str, generation: int) -> tuple[Login, pulumi.Output[str]]:
        keepers = {"generation": str(password_generation(turn, generation))}
        password = random.RandomPassword(
            f"{self._logical_name}-password-{turn}",
            length=_PASSWORD_CHARACTERS,
            special=False,
            keepers=keepers,
            opts=self._child(),
        )
        salt = random.RandomId(
            f"{self._logical_name}-salt-{turn}",
            byte_length=credentials.SALT_BYTES,
            keepers=keepers,
            opts=self._child(),
        )
        verifier = pulumi.Output.all(password.result, salt.hex).apply(
            lambda made: credentials.scram_verifier(made[0], bytes.fromhex(made[1]))
        )
        return Login(user=user, password=password.result), verifier
