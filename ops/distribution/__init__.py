"""A release for testers outside of the account: its images and binaries, copied to where they read."""
