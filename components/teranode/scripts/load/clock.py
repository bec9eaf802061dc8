"""Time, which tests play."""

import time
from typing import Protocol


class Clock(Protocol):
    """Something that says how late it is and lets time pass."""

    def now(self) -> float:
        """Seconds since some moment; they never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        ...


class SystemClock:
    """The machine's own."""

    def now(self) -> float:
        """Seconds since some moment; they never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        time.sleep(seconds)
