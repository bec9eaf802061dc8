#!/bin/sh
# Empties each database of the backup and restores it in one transaction, then counts its rows.
set -eu
: "${SET:?}" "${SCRATCH:?}" "${COUNT_ROWS:?}" "${blockchain_store:?}"
trap 'exit 143' TERM

ask() {
    psql --no-psqlrc --quiet --no-password --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}

before=${blockchain_store%%\?*}
before=${before%/*}
options=${blockchain_store#*\?}
for dump in "$SET"/databases/*.dump; do
    name=$(basename "$dump" .dump)
    url="$before/$name?$options"
    # The role of both logins owns what they have made, and nothing else.
    ask --dbname="$url" --command="DROP OWNED BY CURRENT_USER CASCADE"
    pg_restore --no-password --no-owner --no-privileges --single-transaction --exit-on-error --dbname="$url" "$dump"
    ask --dbname="$url" --file="$COUNT_ROWS" >"$SCRATCH/rows"
    if ! cmp -s "$SCRATCH/rows" "$SET/databases/$name.rows"; then
        echo "$name does not have the rows of the backup"
        exit 1
    fi
    echo "restored $name: $(wc -l <"$SCRATCH/rows") tables, all rows"
done
