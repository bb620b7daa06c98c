# shellcheck shell=bash
# An installation's user, folders, program, pages, configuration and keys.

look_before() {
  if [[ -n $root ]]; then
    mkdir -p -- "$root"
    root=$(cd "$root" && pwd -P)
    [[ $root != / ]] || fail "--root / is this machine itself." "leave --root out."
    [[ $start == no ]] || fail "--start goes with this machine, not with --root." "leave one out."
  elif ((EUID != 0)); then
    fail "an installation is made by root." "run this as root, or try it with --root DIR."
  elif [[ ! -d /run/systemd/system ]]; then
    fail "systemd doesn't run here." "take a Debian that was booted, or try it with --root DIR."
  fi
  if ((${#names[@]} == 0)); then
    names=("$(hostname --fqdn 2>/dev/null || hostname)")
  fi
  scratch=$(mktemp -d)
  trap 'rm -rf -- "$scratch"' EXIT
}

look_at_what_was_built() {
  "$program" --version >/dev/null 2>&1 || fail "$program can't be run." "name a program of Linli."
  [[ -s $pages/console.html ]] || fail "$pages has no console.html." "name a folder of built pages."
  # Before anything is changed. A program that runs may not meet another one's schema.
  if [[ -z $root ]] && is_at_work && ! cmp -s -- "$program" /usr/local/bin/linli; then
    fail "linli runs, and this is another program." \
      "deploy/install --build while it runs, then: systemctl stop linli linli-synthetic"
  fi
  if [[ -n $hotline ]]; then look_at_the_hotline; fi
  if [[ $broker == yes ]]; then refuse_a_shared_broker; fi
}

make_user() {
  make_users linli linli
  if ((EUID != 0)); then
    say Owners "not root: all of it belongs to $(id -un)"
  fi
}

# make_users SYSUSERS USER: of that file of ours; USER is the last of them to be there.
make_users() {
  put_file root:root 0644 "$checkout/deploy/systemd/$1.sysusers" "/etc/sysusers.d/$1.conf"
  if [[ -z $(number_of passwd "$2") ]] && { ((EUID == 0)) || [[ -n $root ]]; }; then
    systemd-sysusers --root="${root:-/}" "$checkout/deploy/systemd/$1.sysusers" \
      >"$scratch/sysusers" 2>&1 || {
      show_end_of "$scratch/sysusers"
      fail "systemd-sysusers could not make the user $2." "see the lines above."
    }
    changed User "$2"
  fi
}

# The server reads /etc/linli and can't change it; its keys are its own, because "linli migrate" and
# "linli devices credentials" make some of them in its name.
make_places() {
  put_folder root:linli 0750 /etc/linli
  put_folder linli:linli 0700 /etc/linli/keys
  put_folder root:root 0700 /etc/linli/authority
  put_folder linli:linli 0700 /var/lib/linli
  put_folder root:root 0755 /usr/local/share/linli
  put_folder root:linli 0750 /var/log/linli
}

put_program() {
  put_file root:root 0755 "$program" /usr/local/bin/linli
  put_file root:root 0755 "$checkout/deploy/backup" /usr/local/sbin/linli-backup
  put_file root:root 0755 "$checkout/deploy/restore" /usr/local/sbin/linli-restore
  local each
  for each in README.md keeping.md keeping.zh-CN.md telephone.md; do
    put_file root:root 0644 "$checkout/deploy/$each" "/usr/local/share/doc/linli/$each"
  done
}

put_pages() { # as they are: a file that this version doesn't have goes
  local from=$pages to=/usr/local/share/linli/pages file
  put_folder root:root 0755 "$to"
  while IFS= read -r -d '' file; do
    [[ -d $from/$file ]] && put_folder root:root 0755 "$to/$file"
  done < <(cd "$from" && find . -mindepth 1 -type d -printf '%P\0' | sort -z)
  local before=$changes
  while IFS= read -r -d '' file; do
    put_file root:root 0644 "$from/$file" "$to/$file" >>"$scratch/pages"
  done < <(cd "$from" && find . -type f -printf '%P\0' | sort -z)
  while IFS= read -r -d '' file; do
    [[ -e $from/$file ]] || { rm -f -- "$root$to/$file" && changes=$((changes + 1)); }
  done < <(cd "$root$to" && find . -type f -printf '%P\0')
  ((changes == before)) || say Pages "$root$to"
}

put_config() {
  local file broker_log=''
  if [[ $broker == yes ]]; then broker_log=/var/log/linli/broker.log; fi
  sed -E \
    -e "s|^broker_log = \"\" +#|broker_log = \"$broker_log\" #|" \
    -e '/^\[console\]/,/^\[/ s|^listen = "" +#|listen = "0.0.0.0:8444" #|' \
    -e 's|^pages = "" +#|pages = "/usr/local/share/linli/pages" #|' \
    -e 's|^folder = "journal" +#|folder = "/var/lib/linli/journal" #|' \
    -e 's|^folder = "telemetry" +#|folder = "/var/lib/linli/telemetry" #|' \
    -e 's|^calendar = "" +#|calendar = "calendar.toml" #|' \
    -e 's|^note_templates = "" +#|note_templates = "note_templates.toml" #|' \
    "$checkout/config/linli.toml" >"$scratch/linli.toml"
  if [[ -n $hotline ]]; then name_the_hotline "$scratch/linli.toml"; fi
  put_once root:linli 0640 "$scratch/linli.toml" /etc/linli/linli.toml
  while IFS= read -r -d '' file; do
    put_once root:linli 0640 "$checkout/config/$file" "/etc/linli/$file"
  done < <(cd "$checkout/config" && find calendar.toml note_templates.toml notices.toml \
    services.toml thresholds.toml plans devices -name '*.toml' -printf '%p\0' | sort -z)
  while IFS= read -r -d '' file; do
    own root:linli 0750 "$root/etc/linli/$file"
  done < <(cd "$root/etc/linli" && find plans devices -type d -print0)
}

# One authority of this installation alone signs for the pages and for the broker. Its key is asked
# for only here, and can be kept elsewhere afterwards.
make_keys() {
  local keys=$root/etc/linli/keys authority=$root/etc/linli/authority
  if [[ ! -e $keys/console.crt ]]; then
    sign_for_this_machine
    put_once linli:linli 0600 "$authority/console.key" /etc/linli/keys/console.key
    put_once linli:linli 0600 "$authority/console.crt" /etc/linli/keys/console.crt
    rm -f -- "$authority"/console.*
  fi
  if [[ -e $authority/ca.crt ]]; then
    put_once linli:linli 0644 "$authority/ca.crt" /etc/linli/keys/ca.crt
  fi
  lasts "$keys/console.crt"
}

sign_for_this_machine() { # into authority/console.crt and .key
  local -a called=(--name localhost)
  local name
  for name in "${names[@]}"; do
    [[ $name == localhost ]] || called+=(--name "$name")
  done
  rm -f -- "$root"/etc/linli/authority/console.*
  (umask 077 && "$program" certificates make --folder "$root/etc/linli/authority" "${called[@]}") \
    >"$scratch/certificates" 2>&1 || {
    show_end_of "$scratch/certificates"
    fail "the certificate could not be made." \
      "say --name; if ca.key is kept elsewhere, put it back into /etc/linli/authority."
  }
}

lasts() { # lasts CERTIFICATE: says when it has less than a month
  openssl x509 -in "$1" -noout -checkend 2592000 >/dev/null 2>&1 ||
    say Keys "$1 ends within 30 days: move it and its key away, run this again, restart"
}
