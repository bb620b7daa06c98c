# shellcheck shell=bash
# What the person in front of the terminal reads.

say() { # say Database "PostgreSQL 15 is up": what stands behind is one line
  clear_progress
  printf '%-10s %s\n' "$1" "${*:2}"
}

progress() { # like say, but the next line takes its place; nothing where no terminal is
  [[ -t 1 ]] || return 0
  printf '\r\e[K%-10s %.100s' "$1" "$2"
}

clear_progress() {
  [[ ! -t 1 ]] || printf '\r\e[K'
}

fail() { # fail "what went wrong" ["what to do about it"]
  clear_progress
  printf '\nIt did not work: %s\n' "$1" >&2
  [[ -z ${2:-} ]] || printf 'What to do: %s\n' "$2" >&2
  exit 1
}

show_end_of() { # show_end_of LOG: its last lines, for a failure
  [[ -s $1 ]] || return 0
  clear_progress
  printf '\nThe end of %s:\n' "$1" >&2
  tail -n "${2:-20}" -- "$1" | sed 's/^/  | /' >&2
}
