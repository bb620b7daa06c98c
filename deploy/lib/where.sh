# shellcheck shell=bash
# Where the data of a private installation lies, and who may read it.
#
# PostgreSQL refuses to run as root, and a broker shouldn't. So when root runs this, the cluster
# belongs to the system user "postgres" and the broker to "mosquitto", both from their packages;
# everything else, and for an ordinary user all of it, belongs to who runs this.

if ((EUID == 0)); then
  database_user=postgres broker_user=mosquitto
else
  database_user=$(id -un) broker_user=$database_user
fi

as() { # as USER COMMAND…
  local user=$1
  shift
  if ((EUID == 0)); then
    setpriv --reuid "$user" --regid "$user" --init-groups -- "$@"
  else
    "$@"
  fi
}

choose_folder() { # choose_folder NAME: sets folder, under var/ where its users can reach it
  local parent=$checkout/var why=''
  case $checkout in
    *[\"\'\\\`\$,@]* | *$'\n'*)
      fail "the path of this checkout has a character that PostgreSQL's or the broker's files can't
                 hold: $checkout" "move it to a path without quotes, commas, @, \$ and \\."
      ;;
  esac
  mkdir -p "$parent"
  if ! as "$database_user" test -x "$parent" || ! as "$broker_user" test -x "$parent"; then
    parent=/var/tmp/linli-$(id -un)-$(printf '%s' "$checkout" | sha256sum | cut -c 1-8)
    why="  (the user $database_user can't enter $checkout)"
    own_folder "$parent"
  fi
  folder=$parent/$1
  say Data "$folder$why"
}

# Others may not look in. Root's folder lets its two service users pass to their own folders, each
# of which is 0700, and lists nothing.
make_folders() {
  own_folder "$folder"
  local name
  for name in run log keys secrets city journal telemetry; do
    private_folder "$folder/$name" "$(id -un)"
  done
  private_folder "$folder/postgres" "$database_user"
  private_folder "$folder/mosquitto" "$broker_user"
}

empty_folder() { # but for run/, where the lock is held
  find "$folder" -mindepth 1 -maxdepth 1 ! -name run -exec rm -rf -- {} +
}

own_folder() {
  local mode=0700
  if ((EUID == 0)); then mode=0711; fi
  [[ -e $1 || -L $1 ]] || mkdir -m "$mode" -- "$1"
  # /var/tmp is everybody's: a folder that somebody else laid there isn't ours.
  [[ -d $1 && ! -L $1 && -O $1 ]] ||
    fail "$1 is there, but is not a folder of $(id -un)." "remove it and run this again."
  chmod "$mode" -- "$1"
}

private_folder() { # private_folder PATH OWNER
  if ((EUID == 0)); then
    install -d -m 0700 -o "$2" -g "$2" -- "$1"
  else
    install -d -m 0700 -- "$1"
  fi
}

only_one_at_a_time() { # holds the lock until this shell ends; what it starts doesn't inherit it
  exec 9>>"$folder/run/lock"
  flock --nonblock 9 ||
    fail "process $(<"$folder/run/lock.holder") already runs with $folder" "stop it with Ctrl-C."
  echo $$ >"$folder/run/lock.holder"
}
