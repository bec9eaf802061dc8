#!/usr/bin/env bash
# Usage: commit.sh MESSAGE COMMAND [ARGUMENT...]
# Runs COMMAND on the newest main, commits what it changed and pushes that to main. Where somebody else pushed meanwhile,
# it starts again from what they pushed: so nothing of theirs is lost, and nothing conflicts. With nothing changed, it
# commits nothing. In the environment: TOKEN, GITHUB_SERVER_URL, GITHUB_REPOSITORY.
set -euo pipefail

ATTEMPTS=5

# In a function, which bash has read whole before git puts another version of this file in its place.
main() {
  local message=$1 remote
  shift
  remote="https://x-access-token:$TOKEN@${GITHUB_SERVER_URL#https://}/$GITHUB_REPOSITORY"
  for attempt in $(seq "$ATTEMPTS"); do
    git fetch --quiet "$remote" main
    git reset --quiet --hard FETCH_HEAD
    "$@"
    if git diff --quiet HEAD; then
      echo "nothing to commit: main says so already" >&2
      return
    fi
    git -c user.name=github-actions -c user.email=github-actions@users.noreply.github.com \
      commit --quiet --all --message "$message"
    if git push --quiet "$remote" HEAD:main; then
      return
    fi
    echo "attempt $attempt of $ATTEMPTS was refused" >&2
  done
  echo "main could not be pushed to: is somebody pushing all the time, or may this job not push? \"$message\" is not done" >&2
  return 1
}

main "$@"
