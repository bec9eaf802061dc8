#!/bin/sh
# What comes before a script that asks servers of the UTXO store: `ask HOST COMMAND`, by name where they want one.
set -eu
trap 'exit 143' TERM

# On a command line a password could be read by whoever sees the process.
if [ -n "${UTXO_USER:-}" ]; then
    trap 'rm -f "$UTXO_LOGIN_FILE"' EXIT # the steps of a pod share this memory
    password=$(cat "$UTXO_PASSWORD_FILE")
    (umask 077 && printf '[cluster]\nuser = "%s"\npassword = "%s"\n' "$UTXO_USER" "$password" >"$UTXO_LOGIN_FILE")
fi

ask() {
    if [ -n "${UTXO_USER:-}" ]; then
        asinfo --config-file "$UTXO_LOGIN_FILE" -h "$1" -v "$2" -l
    else
        asinfo -h "$1" -v "$2" -l
    fi
}
