"""What the exit codes of ``python -m ops`` mean, for scripts and CI."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes, documented in the help text of the commands."""

    CLEAN = 0
    """Done, nothing to object to."""
    FINDINGS = 1
    """A policy is broken or undecided, the change loses data or meets a lock, or the simulated cloud refused it.

    Of a running environment: it is not what its stack says, or part of it could not be looked at. Of a release: it
    stopped half-way, or the stack has other changes.
    """
    USAGE = 2
    """The command line, a file that it names, or the settings of the stack are wrong."""
    REFUSED = 3
    """The update from the baseline must not be made: it would lose data that nobody announced to leave, change what is
    fixed for life, or take a step that AWS does not go back."""
    UNKNOWN = 3
    """Nothing is known to be wrong, but something could not be looked at. Only commands whose help names it."""


HELP = "Exit codes: 0 done; 1 the simulated cloud refused the program; 2 wrong usage, file or settings."
"""Of commands without a verdict, and of all together: each command's own help says more."""

PREVIEW_HELP = (
    "Exit codes: 0 clean; 1 a policy is broken or undecided, a change would lose data or replace or delete what is "
    "protected, or the simulated cloud refused the program; 2 wrong usage, file or settings; 3 the update from the "
    "baseline must not be made: the first section says why."
)

VERIFY_HELP = (
    "Exit codes: 0 all of it holds; 1 something fails, or could not be looked at; 2 wrong usage, or no outputs of the "
    "stack to compare with."
)

RELEASE_HELP = (
    "Exit codes: 0 released, or with --dry-run planned; 1 it stopped half-way, or is released but the stack has other "
    "changes; 2 refused before anything was done: version, stack file, settings, no CLI, or not confirmed."
)

ENVIRONMENT_HELP = (
    "Exit codes: 0 done; 1 the settings refuse a stack file of the list; 2 wrong usage, or refused before anything was "
    "written."
)

BOOTSTRAP_HELP = (
    "Exit codes: 0 everything is there; 1 --check found something missing or different; 2 wrong usage, settings, "
    "account or credentials, not confirmed, or AWS refused: what is done stays, and the command can be repeated."
)

PULL_REQUEST_HELP = (
    "Exit codes: 0 done, nothing to object to; 1 a change would lose data or meet a lock, a policy is broken, or a "
    "stack cannot be evaluated; 2 wrong usage or file, or GitHub refused; 3 an update must not be made: the "
    "comment says why."
)

PREFLIGHT_HELP = (
    "Exit codes: 0 all of it holds; 1 something fails; 2 wrong usage, settings, account or credentials; 3 nothing "
    "fails, but something could not be asked."
)

DRIFT_HELP = (
    "Exit codes: 0 everything is as the state says; 1 something differs, is gone or is in no state, or known noise is "
    "past its end; 2 wrong usage, settings, account or credentials, or the CLI failed; 3 nothing differs, but a region "
    "could not be swept."
)

DRIFT_ISSUE_HELP = (
    "Exit codes: 0 the issue says what was found, or that the look failed, or none is needed; 2 wrong usage, or GitHub "
    "refused."
)

REST_HELP = (
    "Exit codes: 0 done, or with --dry-run planned; 1 it stopped half-way: what is done stays, and the command can be "
    "repeated; 2 refused before anything was done: settings, account, other changes, no CLI, not confirmed."
)

EXPIRE_HELP = (
    "Exit codes: 0 nothing is past its end, or it is shown or destroyed; 1 one of them could not be destroyed, or not "
    "proved to be, or the settings refuse a stack file; 2 wrong usage, or the one that was named is not past its end."
)

FIRST_UP_HELP = (
    "Exit codes: 0 done, or with --dry-run planned; 1 an update stopped half-way: what is done stays, and the command "
    "can be repeated; 2 refused before anything was done, or a tunnel does not open."
)

TUNNEL_HELP = (
    "Exit codes: those of COMMAND; without one 0 when it is interrupted; 2 wrong usage, no private region, or a tunnel "
    "does not open."
)

DISTRIBUTE_HELP = (
    "Exit codes: 0 testers have it, or with --dry-run it could be given; 1 it stopped half-way: what is done stays, "
    "and the command can be repeated; 2 refused before anything was copied, or AWS refused."
)

ATTEST_HELP = (
    "Exit codes: 0 done; 2 refused: something is not proved, wrong usage, account or credentials, or AWS refused. "
    "Nothing was signed."
)

PROMOTE_HELP = (
    "Exit codes: 0 promoted, or with --dry-run planned; 1 it stopped half-way, or is promoted but the stack has other "
    "changes; 2 refused before anything was done: attestation, commit, approval, a loss, settings, or not confirmed."
)

DESTROY_HELP = (
    "Exit codes: 0 nothing is left but what must stay, or without --yes shown; 1 something is left: repeat it; "
    "2 refused before anything was done: tier, locks, settings, account, credentials, no CLI; 3 nothing is known to be "
    "left, but something could not be asked."
)

ROTATE_HELP = (
    "Exit codes: 0 every node is replaced, or without --yes shown; 2 refused, or ended half-way: the message says why, "
    "and the command repeated goes on from there."
)

BACKUP_HELP = (
    "Exit codes: 0 done, or with --dry-run planned; 1 a miner could not be backed up: it was started again if it ran, "
    "or the message says that it was not; 2 refused before anything was done: settings, account, miner, not confirmed."
)

RESTORE_HELP = (
    "Exit codes: 0 restored, or without --yes planned; 1 it stopped half-way: repeat it, and do not start the miner "
    "before it has ended well; 2 refused before anything was changed."
)

STATUS_HELP = "Exit codes: 0 done; 2 wrong usage or file, no CLI, or no outputs of the stack."

SIMULATOR_ENV_HELP = (
    "Exit codes: 0 done; 2 wrong usage, no CLI, no virtual environment, or a folder that cannot be written: then it "
    "prints `false`."
)

BACKUP_LIST_HELP = (
    "Exit codes: 0 done; 2 wrong usage, settings, miner, account or credentials, no outputs of the stack, or AWS "
    "refused."
)

BACKUP_REMOVE_HELP = (
    "Exit codes: 0 removed, or without --yes shown; 1 something could not be removed: repeat it; 2 refused before "
    "anything was removed: settings, account, miner, no outputs of the stack."
)

ATTEST_READ_HELP = "Exit codes: 0 done; 2 wrong usage, settings, account or credentials, there is none, or AWS refused."

PULL_REQUEST_PRICES_HELP = (
    "Exit codes: 0 written, also where AWS could not be asked: then it says why; 2 wrong usage or file."
)

PULL_REQUEST_POST_HELP = "Exit codes: 0 written or edited; 2 wrong usage or file, or GitHub refused."

REDACT_HELP = "Exit codes: 0 written; 2 wrong usage or file."
