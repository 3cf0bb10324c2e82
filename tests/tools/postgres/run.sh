#!/usr/bin/env bash
# A PostgreSQL for the tests: new, on loopback, without password, gone when it is stopped. Runs until it gets a signal.
#   run.sh PORT
# Prints "READY address" when it answers. PostgreSQL refuses to run as root, so root starts it as the user postgres.
set -euo pipefail
port=${1:?port}
shopt -s nullglob
places=(/usr/lib/postgresql/*/bin)
initdb=$(command -v initdb || echo "${places[-1]:-/nowhere}/initdb")
bin=$(dirname "$(readlink -f "$initdb")")
[ -x "$bin/postgres" ] || { echo "PostgreSQL is not installed (Debian: apt-get install postgresql)." >&2; exit 2; }

folder=$(mktemp -d)
server=
stop() {
  [ -z "$server" ] || { kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 0' INT TERM

as=()
if [ "$(id -u)" -eq 0 ]; then
  chown postgres "$folder"
  as=(setpriv --reuid postgres --regid postgres --init-groups)
fi
cd "$folder"
"${as[@]}" "$bin/initdb" --pgdata "$folder/data" --auth trust --username titrate --encoding UTF8 --no-sync >"$folder/log" 2>&1 ||
  { cat "$folder/log" >&2; exit 1; }
"${as[@]}" "$bin/postgres" -D "$folder/data" -p "$port" -h 127.0.0.1 -k "" -F >>"$folder/log" 2>&1 &
server=$!
for _ in $(seq 150); do
  if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
    echo "READY postgresql://titrate@127.0.0.1:$port/postgres"
    wait "$server" || true
    exit 0
  fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
cat "$folder/log" >&2
exit 1
