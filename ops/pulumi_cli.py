"""The pulumi CLI of whoever runs a command, on the stacks of this project."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from ops.engine_failures import advice
from simulator.values import JSON

WORKING_DIRECTORY = "PULUMI_OPTION_CWD"
"""Where the CLI works instead of in the project: a simulated shell sets it to its copy of the project."""

INSIDE_KUBERNETES = "**$kubernetes:**"
"""URNs of what lives inside of clusters, for options of the CLI that name resources."""

_STANDARD_ERROR = 2
"""Where a command shows what is under way; its own result goes to standard output."""


_CHANGES_FOUND = "no changes were expected"
"""What the CLI says of differences under `--expect-no-changes`."""

_KEYS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_TAIL_CHARACTERS = 20_000


class InterruptedRunError(Exception):
    """Whoever started the CLI interrupted it, and it has ended."""


class PulumiCliError(Exception):
    """There is no CLI, or it failed at what it was asked."""


class Change(BaseModel):
    """One operation on a stack as the history has it; ``environment`` says from which commit, if git knew."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)

    kind: str
    result: str
    end_time: AwareDatetime | None = None
    environment: Mapping[str, str] = {}

    @property
    def commit(self) -> str | None:
        """The commit that it ran from; None if the work tree differed from it."""
        return self.environment.get("git.head") if self.environment.get("git.dirty") == "false" else None


_HISTORY = TypeAdapter(list[Change])


@dataclass(frozen=True, slots=True)
class PulumiCli:
    """The CLI at the path ``executable``, on one stack; it works in ``project_dir``."""

    executable: str
    project_dir: Path
    stack: str
    profile: str | None = None
    """Of the AWS configuration, for the CLI and its providers; else what the environment says."""

    @classmethod
    def find(cls, stack: str, project_dir: Path, otherwise: str = "", *, profile: str | None = None) -> "PulumiCli":
        """The CLI on the PATH.

        Raises:
            PulumiCliError: there is none; ``otherwise`` says what to do without.
        """
        executable = shutil.which("pulumi")
        if executable is None:
            raise PulumiCliError(
                f"no pulumi CLI on the PATH: install it (https://www.pulumi.com/docs/install/){otherwise}"
            )
        return cls(executable, project_dir, stack, profile)

    def outputs(self) -> Mapping[str, JSON]:
        """The outputs of the stack, secrets hidden.

        Raises:
            PulumiCliError: the CLI fails: it is not logged in, or does not know the stack.
        """
        outputs = _json("pulumi stack output", self._answer("stack", "output", "--json", *self._common()))
        return outputs if isinstance(outputs, dict) else {}

    def export(self) -> str:
        """The state of the stack as `pulumi stack export` writes it, secrets sealed.

        Raises:
            PulumiCliError: the CLI fails: it is not logged in, or does not know the stack.
        """
        return self._answer("stack", "export", *self._common())

    def last_change(self) -> Change | None:
        """The last operation that changed the stack; None of one that nothing did.

        Raises:
            PulumiCliError: the CLI fails, or prints something else than its history.
        """
        answer = self._answer("stack", "history", "--json", "--page-size", "1", *self._common())
        try:
            found = _HISTORY.validate_json(answer)
        except ValidationError as error:
            raise PulumiCliError("pulumi stack history: printed something else than its history") from error
        return found[0] if found else None

    def refresh_preview(self) -> str:
        """What a refresh would find different from the state, as the CLI's JSON; nothing is refreshed.

        Raises:
            PulumiCliError: the CLI fails for another reason than a difference.
        """
        done = self._asked("refresh", "--preview-only", "--expect-no-changes", "--json", *self._common())
        if done.returncode != 0 and _CHANGES_FOUND not in f"{done.stderr}{done.stdout[-_TAIL_CHARACTERS:]}":
            raise PulumiCliError(self._failure("pulumi refresh", done.stderr))
        return done.stdout

    def update(self, targets: Sequence[str]) -> int:
        """Update these resources and nothing else, showing what the CLI prints; its exit code.

        Raises:
            InterruptedRunError: a person interrupted it. The CLI has ended in its own way.
        """
        chosen = [part for target in targets for part in ("--target", target)]
        return self._shown("up", "--yes", "--skip-preview", "--suppress-outputs", *chosen, *self._common())

    def update_all(self) -> int:
        """Update the whole stack, showing what the CLI prints; its exit code.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        return self._shown("up", "--yes", "--skip-preview", "--suppress-outputs", *self._common())

    def update_under_policies(self, *, outside_kubernetes: bool, ask: bool) -> int:
        """Update the stack under the project's policies, showing what the CLI prints; its exit code.

        ``outside_kubernetes`` leaves out what lives inside of clusters. With ``ask`` the CLI shows a preview and asks.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        chosen = ("--exclude", INSIDE_KUBERNETES) if outside_kubernetes else ()
        asking = ("--stack", self.stack) if ask else ("--yes", *self._common())
        return self._shown("up", "--policy-pack", "policies", *chosen, *asking)

    def refresh(self, targets: Sequence[str]) -> int:
        """Read these resources anew into the state, showing what the CLI prints; its exit code.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        chosen = [part for target in targets for part in ("--target", target)]
        return self._shown("refresh", "--yes", "--skip-preview", "--suppress-outputs", *chosen, *self._common())

    def destroy(self) -> int:
        """Destroy everything in the stack, showing what the CLI prints; its exit code.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        return self._shown("destroy", "--yes", "--skip-preview", "--suppress-outputs", *self._common())

    def remove(self) -> int:
        """Remove the stack, which must be empty, with its history and its stack file; the CLI's exit code.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        return self._shown("stack", "rm", self.stack, "--yes", "--non-interactive", "--color", "never")

    def exists(self) -> bool:
        """Whether there is such a stack where the CLI keeps them.

        Raises:
            PulumiCliError: the CLI cannot say.
        """
        answer = self._answer("stack", "ls", "--json", "--non-interactive", "--color", "never")
        listed = _json("pulumi stack ls", answer)
        names = (
            [str(one.get("name", "")) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        )
        return self.stack in {name.rpartition("/")[2] for name in names}

    def preview(self, config_file: Path) -> str:
        """What an update with this stack file would do, as the CLI's JSON.

        Raises:
            PulumiCliError: the CLI fails.
        """
        return self._answer("preview", "--json", "--config-file", str(config_file), *self._common())

    def nothing_left(self) -> int:
        """Preview the whole stack, showing what the CLI prints; 0 if it would change nothing.

        Raises:
            InterruptedRunError: a person interrupted it.
        """
        return self._shown("preview", "--expect-no-changes", "--suppress-outputs", *self._common())

    def _asked(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 (the arguments are ours)
            [self.executable, *arguments],
            cwd=self.project_dir,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def _answer(self, *arguments: str) -> str:
        """What a command that must not fail prints; its first two words name it in the fault."""
        done = self._asked(*arguments)
        if done.returncode != 0:
            raise PulumiCliError(self._failure(f"pulumi {' '.join(arguments[:2])}", done.stderr))
        return done.stdout

    def _shown(self, *arguments: str) -> int:
        """Run the CLI with its output on standard error, to the end that it chooses itself.

        An interrupt from the keyboard reaches the CLI as well. It then finishes what is under way and saves its state:
        killed, it would leave the stack locked.
        """
        process = subprocess.Popen(  # noqa: S603 (the arguments are ours)
            [self.executable, *arguments], cwd=self.project_dir, env=self._environment(), stdout=_STANDARD_ERROR
        )
        interrupted = False
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                interrupted = True
                continue
            if interrupted:
                raise InterruptedRunError
            return code

    def _environment(self) -> Mapping[str, str]:
        return cli_environment(self.profile)

    def _common(self) -> tuple[str, ...]:
        return ("--stack", self.stack, "--non-interactive", "--color", "never")

    def _failure(self, command: str, text: str) -> str:
        said = text.strip() or "it does not say why"
        if known := advice(said, self.stack):
            return f"{command} failed for stack {self.stack}:\n  {said}\n{known}"
        return (
            f"{command} failed for stack {self.stack}:\n  {said}\n"
            "`pulumi whoami --verbose` says where the CLI looks for stacks, `pulumi login` changes it; "
            "docs/first-up.md has the address"
        )


def _json(command: str, text: str) -> JSON:
    try:
        return json.loads(text)
    except ValueError as error:
        raise PulumiCliError(f"{command}: printed no JSON ({error})") from error


def cli_environment(profile: str | None) -> Mapping[str, str]:
    """Of a command that uses AWS: with a profile the keys in the environment go, since AWS SDKs would prefer them."""
    if profile is None:
        return os.environ
    return {**{name: value for name, value in os.environ.items() if name not in _KEYS}, "AWS_PROFILE": profile}


def working_directory(project_dir: Path) -> Path:
    """The folder whose stack files the CLI reads: the project, or in a simulated shell its copy."""
    return Path(os.environ.get(WORKING_DIRECTORY) or project_dir)
