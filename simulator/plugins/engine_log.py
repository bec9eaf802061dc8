"""Messages to the person at the terminal, through the engine that runs the plugin."""

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc


class EngineLog:
    """The log of the engine at one address; without an engine (``engine_address`` empty) messages go nowhere."""

    def __init__(self, engine_address: str) -> None:
        """Prepare to talk to the engine; the connection opens with the first message."""
        self._stub = None
        if engine_address:
            self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine_address))

    def warn(self, urn: str, message: str) -> None:
        """Show a warning beside the resource ``urn``."""
        if self._stub is not None:
            self._stub.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=urn))
