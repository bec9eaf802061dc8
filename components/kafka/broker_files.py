"""The files of a single broker: its settings, its logging, and the question that its probes ask. No resources."""

from collections.abc import Mapping

from components.kafka.args import PLAINTEXT_PORT, broker_settings, properties

FOLDER = "/etc/kafka-broker"
DATA = "/var/lib/kafka/data"
SCRATCH = "/tmp"  # noqa: S108 (a volume of the pod's own, where Java and Kafka's scripts write)

SETTINGS, LOGGING, PROBE = "server.properties", "log4j2.yaml", "ask.sh"

_CONTROLLER_PORT = 9093

_CONSOLE_LOGGING = """\
Configuration:
  Appenders:
    Console:
      name: console
      PatternLayout:
        pattern: "%d{ISO8601} %p %m (%c)%n"
  Loggers:
    Root:
      level: INFO
      AppenderRef:
        - ref: console
"""

ASK = f"""\
# Succeeds where the broker answers: an ApiVersions request, version 0, correlation id 1, no client id, on the socket
# that clients use. The answer is its length, the correlation id and an error code, which must be 0. A broker that has
# not joined its controller yet accepts connections and answers nothing. Kafka's own tools would start a Java virtual
# machine each time. Source: Kafka protocol guide, ApiVersions.
set -eu
exec 3<>/dev/tcp/127.0.0.1/{PLAINTEXT_PORT}
printf '\\0\\0\\0\\012\\0\\022\\0\\0\\0\\0\\0\\001\\377\\377' >&3
answer=$(head -c 10 <&3 | od -An -v -tx1 | tr -d ' \\n')
test "${{answer#????????}}" = 000000010000
"""


def files(host: str) -> Mapping[str, str]:
    """Every file by name; `host` is how clients name the broker.

    The controller is the same process and listens to it alone. Kafka wants a directory of its own: at the top of a
    file system it stumbles over `lost+found`.
    """
    settings = {
        **broker_settings(1),
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{_CONTROLLER_PORT}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://0.0.0.0:{PLAINTEXT_PORT},CONTROLLER://127.0.0.1:{_CONTROLLER_PORT}",
        "advertised.listeners": f"PLAINTEXT://{host}:{PLAINTEXT_PORT}",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": f"{DATA}/messages",
    }
    return {SETTINGS: properties(settings), LOGGING: _CONSOLE_LOGGING, PROBE: ASK}
