# shellcheck shell=bash
# Lays files and folders where they belong, with owner and mode; says so only when it changed one.
# $root is before every path; "" is this machine.

changes=0

changed() { # changed WORD TEXT
  changes=$((changes + 1))
  say "$1" "$2"
}

number_of() { # number_of passwd|group NAME: of the machine that is installed, not of this one
  awk -F: -v name="$2" '$1 == name { print $3; exit }' "$root/etc/$1" 2>/dev/null || true
}

own() { # own OWNER:GROUP MODE PATH
  local user group wanted now
  now=$(stat --format=%u:%g:%a -- "$3")
  wanted=${now%:*}
  if ((EUID == 0)); then
    user=$(number_of passwd "${1%:*}") group=$(number_of group "${1#*:}")
    wanted=${user:-0}:${group:-0}
  fi
  [[ $now != "$wanted:${2#0}" ]] || return 0
  # Closed first: what it was must not be open to its new owner, nor the new mode to the old one.
  if [[ ${now%:*} != "$wanted" ]]; then chown --no-dereference -- "$wanted" "$3"; fi
  chmod -- "$2" "$3"
  changes=$((changes + 1))
}

put_folder() { # put_folder OWNER:GROUP MODE PATH
  local path=$root$3
  if [[ ! -e $path && ! -L $path ]]; then
    mkdir -p -- "${path%/*}"
    mkdir -m 0700 -- "$path"
    changes=$((changes + 1))
  fi
  [[ -d $path && ! -L $path ]] || fail "$path is there, but is no folder." "move it away."
  own "$1" "$2" "$path"
}

# put_file OWNER:GROUP MODE SOURCE PATH: whole, or not at all; also over a program that runs
put_file() {
  local path=$root$4
  if [[ ! -f $path || -L $path ]] || ! cmp -s -- "$3" "$path"; then
    mkdir -p -- "${path%/*}"
    rm -f -- "$path.linli-new"
    install -m 0600 -- "$3" "$path.linli-new"
    own "$1" "$2" "$path.linli-new"
    mv -fT -- "$path.linli-new" "$path"
    changed File "$path"
  fi
  own "$1" "$2" "$path"
}

put_once() { # put_once OWNER:GROUP MODE SOURCE PATH: what somebody may have changed stays
  if [[ ! -e $root$4 && ! -L $root$4 ]]; then
    put_file "$@"
  fi
}
