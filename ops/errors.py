"""What commands raise for the person who runs them."""


class UsageError(Exception):
    """The command line, a file that it names, or the account is not what the command needs.

    The message says what, where and what to do about it; it is all that the person sees.
    """
