"""``python -m simulator.plugins PACKAGE``: what a ``pulumi-resource-PACKAGE`` executable starts."""

import os
import sys

from simulator.errors import SimulatorError
from simulator.plugins.packages import PACKAGES
from simulator.plugins.server import serve


def main(arguments: list[str]) -> int:
    """Serve the package named first; what follows (the engine's address and log flags) comes again by Handshake."""
    if not arguments or arguments[0] not in PACKAGES:
        sys.stderr.write(f"usage: python -m simulator.plugins {{{'|'.join(PACKAGES)}}}\n")
        return 2
    try:
        serve(arguments[0], os.environ)
    except SimulatorError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
