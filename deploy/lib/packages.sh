# shellcheck shell=bash
# Debian's packages that Linli needs: looks what is missing, and lets lib/install bring it.

missing_packages() {
  local -a wanted
  mapfile -t wanted < <(sed -e 's/[[:space:]]*#.*//' -e '/^$/d' "$checkout/deploy/packages")
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>&- |
      sed -n 's/^installed //p' | sort -u) | without_foreign_node
}

without_foreign_node() { # a Node from elsewhere has its npm, and Debian's can't stand beside it
  if command -v node npm >/dev/null; then grep -vxE 'nodejs|npm' || true; else cat; fi
}

install_packages() {
  command -v apt-get dpkg-query >/dev/null ||
    fail "this machine has no apt." "Run this on Debian 12."

  local -a missing
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} == 0)) && ! "$checkout/deploy/lib/install" --anything-to-put-back; then
    return 0
  fi

  local -a as_root=()
  become_root "${missing[*]}"
  if ((${#missing[@]} > 0)); then
    say Packages "${#missing[@]} are missing; apt installs them, no service is started or changed"
    printf '%s\n' "${missing[@]}" | fmt -w 76 | sed 's/^/           /'
  fi

  local log=$checkout/var/log/install.log status=$checkout/var/log/install.status began=$SECONDS
  local -a permission=()
  if [[ ${LINLI_YES:-} == 1 || ${CI:-} == true ]]; then permission=(--may-remove); fi
  mkdir -p "$checkout/var/log"
  : >"$status"
  show_installation "$status" &
  local watcher=$! result=0
  "${as_root[@]}" "$checkout/deploy/lib/install" "${permission[@]}" "${missing[@]}" \
    >>"$status" 2>"$log" </dev/null || result=$?
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true

  case $result in
    0) ((${#missing[@]} == 0)) || say Packages "ready ($((SECONDS - began)) s)" ;;
    3)
      fail "apt would have to remove: $(sed -n 's/^removes: //p' "$status")" \
        "if you can do without these, run again with --yes-replace-boost (or LINLI_YES=1).
            Linli needs Boost 1.81, which Debian doesn't let stand beside the default 1.74."
      ;;
    130) clear_progress && exit 130 ;;
    *)
      show_end_of "$log"
      fail "apt could not install the packages." "look at $log, put it right, run this again."
      ;;
  esac
}

become_root() { # sets as_root; asks for the password before anything else is on the screen
  ((EUID != 0)) || return 0
  command -v sudo >/dev/null ||
    fail "packages are missing and there is no sudo: $*" "run this once as root."
  as_root=(sudo --)
  sudo -n true 2>/dev/null && return 0
  [[ -t 0 ]] || fail "sudo wants a password and there is no terminal to ask." \
    "run this in a terminal, or once as root."
  sudo -p "Password of %u, to install packages: " true
}

show_installation() { # follows apt's own figures
  [[ -t 1 ]] || return 0
  local kind percent text stopping=''
  trap 'stopping="  (stopping as soon as apt leaves nothing half done)"' INT
  while sleep 0.3; do
    IFS=: read -r kind _ percent text < <(tail -n 1 -- "$1") || true
    case ${kind:-} in
      note) progress Packages "$text" ;;
      dlstatus) progress Packages "downloading ${percent%%.*} %" ;;
      pmstatus) progress Packages "installing ${percent%%.*} %  ${stopping:-$text}" ;;
    esac
  done
}
