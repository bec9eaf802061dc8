#!/bin/sh
# Dumps each database of the miner, and counts the rows of each of its tables. Begins anew when it is repeated.
set -eu
umask 077
: "${PARTIAL:?}" "${SET:?}" "${SETS:?}" "${COUNT_ROWS:?}" "${blockchain_store:?}"
trap 'exit 143' TERM # the first process of a container ignores what it does not handle

ask() {
    psql --no-psqlrc --quiet --no-password --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}

# What an interrupted backup has left is no backup.
mkdir -p "$SETS"
rm -rf "$SET"
find "$SETS" -mindepth 1 -maxdepth 1 -type d -name '*.partial' -exec rm -rf {} +
mkdir -p "$PARTIAL/databases"

# The databases of the miner are those that its login may enter: its own, and others that are called like it and __.
names=$(ask --dbname="$blockchain_store" --command="SELECT datname FROM pg_database
    WHERE (datname = current_database() OR starts_with(datname, current_database() || '__'))
      AND has_database_privilege(datname, 'CONNECT') ORDER BY datname")
before=${blockchain_store%%\?*}
before=${before%/*}
options=${blockchain_store#*\?}
for name in $names; do
    url="$before/$name?$options"
    pg_dump --no-password --format=custom --no-owner --no-privileges \
        --file="$PARTIAL/databases/$name.dump" --dbname="$url"
    ask --dbname="$url" --file="$COUNT_ROWS" >"$PARTIAL/databases/$name.rows"
    echo "dumped $name: $(wc -l <"$PARTIAL/databases/$name.rows") tables"
done
# A node that has never run has no blocks, and no table for them.
height=none
if [ "$(ask --dbname="$blockchain_store" --command="SELECT to_regclass('blocks') IS NOT NULL")" = t ]; then
    height=$(ask --dbname="$blockchain_store" --command="SELECT coalesce(max(height)::text, 'none') FROM blocks")
fi
echo "$height" >"$PARTIAL/height"
