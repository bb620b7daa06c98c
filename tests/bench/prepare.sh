# For the commands in tests/bench, which source it: builds, makes the run's folder, and says what
# machine this is. Needs: checkout, keep (yes or no). Gives: build, program, folder.
build=$checkout/build/bench
program=${LINLI_PROGRAM:-$checkout/build/release/src/linli}

# prepare [TARGET …]: these of build/bench, and the program.
prepare() {
  if (($# > 0)); then
    (cd "$checkout" && cmake --preset bench >/dev/null)
    ninja -C "$build" -j1 "$@" >&2
  fi
  if [[ -z ${LINLI_PROGRAM:-} ]]; then
    (cd "$checkout" && cmake --preset release >/dev/null && ninja -C build/release linli >&2)
  fi
  folder=$(mktemp -d "${TMPDIR:-/tmp}/linli-bench.XXXXXX")
  trap leave EXIT
  describe
}

leave() {
  if [[ $keep == yes ]]; then echo "everything is in $folder"; else rm -rf "$folder"; fi
}

describe() {
  date '+%Y-%m-%d %H:%M %Z'
  echo "$(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "$(findmnt -no FSTYPE,SOURCE -T "$folder"), load $(cut -d' ' -f1-3 /proc/loadavg)"
  echo "PostgreSQL $(psql --version | grep -o '[0-9.]*' | head -n 1) with fsync and" \
    "synchronous_commit on, mosquitto with set_tcp_nodelay, plain TCP on loopback; broker," \
    "database, load and subject share the cores"
}

# measure PROGRAM ARGUMENT …: on a PostgreSQL of its own that syncs.
measure() {
  LINLI_TEST_FSYNC=on "$checkout/tests/support/with_postgres" "$@"
}
