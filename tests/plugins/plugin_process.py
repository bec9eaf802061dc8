"""A plugin executable, started and spoken to as the engine does."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import status_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderStub

from simulator.values import from_struct, to_struct

PROJECT_DIR = Path(__file__).parents[2]
ACCOUNT = "111122223333"


def urn(token: str, name: str) -> str:
    """The URN of a resource directly under the stack."""
    return f"urn:pulumi:test::project::{token}::{name}"


@dataclass
class Plugin:
    """A running plugin, with the engine's calls by short names."""

    stub: ResourceProviderStub
    process: subprocess.Popen[str]

    def check(self, token: str, name: str, /, olds: Mapping[str, Any] | None = None, **news: Any) -> pb.CheckResponse:
        """Check, as on the first run unless ``olds`` are given."""
        old = to_struct(olds) if olds is not None else None
        return self.stub.Check(pb.CheckRequest(urn=urn(token, name), news=to_struct(news), olds=old))

    def checked(self, token: str, name: str, /, **news: Any) -> dict[str, Any]:
        """The checked inputs, which must be without failures."""
        response = self.check(token, name, **news)
        assert not response.failures, response.failures
        return dict(from_struct(response.inputs))

    def create(self, token: str, name: str, /, *, preview: bool = False, **inputs: Any) -> pb.CreateResponse:
        """Check, then Create."""
        properties = to_struct(self.checked(token, name, **inputs))
        return self.stub.Create(pb.CreateRequest(urn=urn(token, name), properties=properties, preview=preview))

    def diff(self, token: str, name: str, created: pb.CreateResponse, old: Any, new: Any) -> pb.DiffResponse:
        """Compare two sets of inputs of something created."""
        return self.stub.Diff(
            pb.DiffRequest(
                id=created.id,
                urn=urn(token, name),
                olds=created.properties,
                old_inputs=to_struct(old),
                news=to_struct(new),
            )
        )

    def update(self, token: str, name: str, created: pb.CreateResponse, /, **news: Any) -> pb.UpdateResponse:
        """Update in place."""
        return self.stub.Update(
            pb.UpdateRequest(id=created.id, urn=urn(token, name), olds=created.properties, news=to_struct(news))
        )

    def read(self, token: str, name: str, thing_id: str) -> pb.ReadResponse:
        """Read by id alone, as an import does."""
        return self.stub.Read(pb.ReadRequest(id=thing_id, urn=urn(token, name)))

    def delete(self, token: str, name: str, thing_id: str) -> None:
        """Delete by id."""
        self.stub.Delete(pb.DeleteRequest(id=thing_id, urn=urn(token, name)))

    def configure(self, **config: Any) -> pb.ConfigureResponse:
        """Configure with provider inputs as they travel: everything but strings is JSON text."""
        return self.stub.Configure(pb.ConfigureRequest(args=to_struct(config), acceptSecrets=True))


def init_failure(error: Any) -> pb.ErrorResourceInitFailed:
    """What a failed call says of the resource that it left behind."""
    trailing = dict(error.trailing_metadata())
    detail = pb.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(trailing["grpc-status-details-bin"]).details[0].Unpack(detail)
    return detail


def configure_for_ireland(aws: Plugin) -> None:
    """Configure the aws plugin as most tests want it."""
    aws.configure(region="eu-west-1", allowedAccountIds=f'["{ACCOUNT}"]')


@contextmanager
def plugin(package: str, world: Path, **environment: str) -> Iterator[Plugin]:
    """Start the plugin of ``package`` on ``world``; AWS providers are configured for Ireland."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.plugins", package],
        cwd=PROJECT_DIR,
        env={**os.environ, "TERANODE_SIM_WORLD": str(world), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        port = process.stdout.readline().strip()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            running = Plugin(ResourceProviderStub(channel), process)
            if package == "aws":
                configure_for_ireland(running)
            yield running
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
