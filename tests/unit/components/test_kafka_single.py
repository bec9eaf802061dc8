"""Kafka by a single broker."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from components.kafka.broker_files import ASK
from simulator import Simulation
from tests.support.stacks import at
from tests.unit.components.kafka_profiles import (
    CONFIG_MAP,
    SINGLE,
    STATEFUL_SET,
    at_list,
    list_at,
    plain,
    settings,
    the,
)


def container(simulation: Simulation, kind: str = "containers") -> object:
    [found] = list_at(the(simulation, STATEFUL_SET), f"spec.template.spec.{kind}")
    return found


@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_a_single_broker_runs_with_least_rights(kind: str) -> None:
    pod, one = at(the(plain(SINGLE), STATEFUL_SET).inputs, "spec.template.spec"), container(plain(SINGLE), kind)

    assert at(pod, "automountServiceAccountToken") is False
    assert at(pod, "securityContext.runAsUser") == 1000
    assert at(one, "securityContext.readOnlyRootFilesystem") is True
    assert at(one, "securityContext.capabilities") == {"drop": ["ALL"]}
    assert at(one, "resources.limits.memory") == at(one, "resources.requests.memory") == "4Gi"
    assert "@sha256:" in str(at(one, "image"))


def test_the_id_of_a_single_broker_is_drawn_once_and_given_to_its_disk() -> None:
    drawn = the(plain(SINGLE), "random:index/randomId:RandomId")

    assert f"--cluster-id={drawn.outputs['b64Url']}" in at_list(container(plain(SINGLE), "initContainers"), "args")
    assert len(str(drawn.outputs["b64Url"])) == 22


def test_a_change_of_the_files_restarts_the_broker() -> None:
    files = the(plain(SINGLE), CONFIG_MAP)
    volumes = list_at(the(plain(SINGLE), STATEFUL_SET), "spec.template.spec.volumes")

    assert str(at(files.inputs, "metadata.name")).startswith("kafka-single-files-")
    assert at(files.inputs, "metadata.name") in {
        at(volume, "configMap.name") for volume in volumes if isinstance(volume, dict) and "configMap" in volume
    }


def test_a_single_broker_listens_to_its_controller_on_the_loopback_only() -> None:
    found = settings(plain(SINGLE), SINGLE)

    assert found["listeners"] == "PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093"
    assert found["advertised.listeners"] == "PLAINTEXT://kafka.kafka.svc.cluster.local:9092"


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_every_probe_asks_the_broker(probe: str) -> None:
    data = the(plain(SINGLE), CONFIG_MAP).inputs["data"]

    assert at(container(plain(SINGLE)), f"{probe}.exec.command") == ["bash", "/etc/kafka-broker/ask.sh"]
    assert isinstance(data, dict)
    assert data["ask.sh"] == ASK


Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As a broker that is ready: it knows two requests."""
    request = await reader.readexactly(14)
    assert request == bytes.fromhex("0000000a 0012 0000 00000001 ffff")
    writer.write(bytes.fromhex("00000016 00000001 0000 00000002 0000 0000 000b 0012 0000 0004"))
    await writer.drain()


async def refused(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As a broker that does not speak this version: error 35."""
    await reader.readexactly(14)
    writer.write(bytes.fromhex("0000000a 00000001 0023 00000000"))
    await writer.drain()


async def hung_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As something that only listens."""
    writer.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="the probe is a script for bash")
@pytest.mark.parametrize(("answer", "healthy"), [(answered, True), (refused, False), (hung_up, False)])
def test_the_probe_believes_an_answer_and_nothing_else(answer: Answer, tmp_path: Path, *, healthy: bool) -> None:
    async def ask() -> int:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        script = tmp_path / "ask.sh"
        script.write_text(ASK.replace("/127.0.0.1/9092", f"/127.0.0.1/{port}"))
        async with server:
            asked = await asyncio.create_subprocess_exec("bash", str(script), stderr=asyncio.subprocess.DEVNULL)
            return await asked.wait()

    assert (asyncio.run(ask()) == 0) is healthy
