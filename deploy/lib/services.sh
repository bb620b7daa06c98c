# shellcheck shell=bash
# What an installation has to do with the machine's broker, database and systemd.

broker_file=/etc/mosquitto/conf.d/linli.conf

# In mosquitto, passwords and access rules hold for all listeners unless the first line of all says
# otherwise. Where somebody else has a listener, ours would change who may come in at his.
refuse_a_shared_broker() {
  local other words='listener|port|password_file|acl_file|allow_anonymous|per_listener_settings'
  other=$(
    find "$root/etc/mosquitto" \( -name mosquitto.conf -o -path '*/conf.d/*.conf' \) \
      ! -path "$root$broker_file" -print0 2>/dev/null |
      xargs -0r grep -lE "^[[:space:]]*($words|plugin|auth_plugin)[[:space:]]"
  ) || true
  [[ -z $other ]] || fail "the broker of this machine has settings of somebody else: $other" \
    "give Linli a broker of its own on another machine, and say --no-broker here."
}

put_broker() {
  local keys=$root/etc/mosquitto/linli
  # The passwords are written by "linli devices credentials", as linli; their group comes from the
  # folder, so that the broker can read them.
  put_folder root:mosquitto 0751 /etc/mosquitto/linli
  put_folder linli:mosquitto 2750 /etc/mosquitto/linli/users
  put_once linli:mosquitto 0640 /dev/null /etc/mosquitto/linli/users/passwords
  fill "$checkout/config/mosquitto/acl.in" SERVER_USER linli-server >"$scratch/acl"
  put_once root:mosquitto 0640 "$scratch/acl" /etc/mosquitto/linli/acl
  if [[ ! -e $keys/server.crt ]]; then
    sign_for_this_machine
    put_once root:mosquitto 0640 "$root/etc/linli/authority/console.key" \
      /etc/mosquitto/linli/server.key
    put_once root:mosquitto 0640 "$root/etc/linli/authority/console.crt" \
      /etc/mosquitto/linli/server.crt
    rm -f -- "$root"/etc/linli/authority/console.*
  fi
  lasts "$keys/server.crt"
  broker_settings >"$scratch/broker"
  put_once root:root 0644 "$scratch/broker" "$broker_file"
  put_broker_log
}

# The broker says whom it denied only among a line of each packet, so its log goes through a filter,
# into a file that linli may read. Debian's unit is told by a drop-in, not changed.
put_broker_log() {
  put_file root:root 0755 "$checkout/config/mosquitto/start" /usr/local/share/linli/start-broker
  put_file root:root 0644 "$checkout/config/mosquitto/refusals.pl" \
    /usr/local/share/linli/refusals.pl
  put_file root:root 0644 "$checkout/config/mosquitto/broker.conf" /etc/mosquitto/linli/broker.conf
  put_once root:linli 0640 /dev/null /var/log/linli/broker.log
  put_file root:root 0644 "$checkout/deploy/systemd/mosquitto-linli.conf" \
    /etc/systemd/system/mosquitto.service.d/linli.conf
  put_file root:root 0644 "$checkout/deploy/linli.logrotate" /etc/logrotate.d/linli
}

# The demo's settings, but for what Debian's own mosquitto.conf says: a second word for it is an
# error.
broker_settings() {
  fill "$checkout/config/mosquitto/mosquitto.conf.in" PORT 8883 FOLDER /etc/mosquitto/linli |
    sed -E \
      -e '1,2c # Linli'\''s listener, made by deploy/install, and never overwritten by it.' \
      -e 's|^password_file .*|password_file /etc/mosquitto/linli/users/passwords|' \
      -e 's|^listener .*|listener 8883|' \
      -e '/^(persistence|persistence_location|log_dest|log_type debug)( |$)/d'
}

put_units() {
  local unit
  for unit in linli.service linli-synthetic.service linli-backup.service linli-backup.timer; do
    put_file root:root 0644 "$checkout/deploy/systemd/$unit" "/etc/systemd/system/$unit"
  done
}

in_the_name_of() { # in_the_name_of USER COMMAND…
  local user=$1
  shift
  (cd / && HOME=/var/lib/linli setpriv --reuid "$user" --regid "$user" --init-groups -- "$@")
}

sql_of_this_machine() { # sql_of_this_machine STATEMENT: as the cluster's superuser
  in_the_name_of postgres psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres -c "$1"
}

is_none() { # is_none 'TABLE WHERE …': false as well when it can't be asked
  [[ $(sql_of_this_machine "SELECT count(*) FROM $1") == 0 ]]
}

# Debian's unit is told by a drop-in, not changed: of itself it stays away once it was killed.
put_database_unit() {
  put_file root:root 0644 "$checkout/deploy/systemd/postgresql-linli.conf" \
    /etc/systemd/system/postgresql@15-main.service.d/linli.conf
}

# Debian's place for the environment of a cluster; it counts from the next start on.
keep_memory() {
  local its=/etc/postgresql/15/main/environment
  if [[ ! -e $its ]] || grep -q MALLOC_ "$its"; then return 0; fi
  cat "$checkout/config/postgresql/environment" >>"$its"
  changed Database "processes that keep their memory, from PostgreSQL's next start on ($its)"
}

make_database() {
  if [[ -z $(pg_lsclusters --no-header) ]]; then
    pg_createcluster 15 main >"$scratch/cluster" 2>&1 || {
      show_end_of "$scratch/cluster"
      fail "PostgreSQL's cluster could not be made." "see the lines above."
    }
    changed Database "made PostgreSQL's cluster 15 main"
    systemctl daemon-reload
  fi
  keep_memory
  systemctl start postgresql.service
  sql_of_this_machine 'SELECT' >/dev/null 2>"$scratch/sql" || {
    show_end_of "$scratch/sql"
    fail "PostgreSQL doesn't answer on its socket." "pg_lsclusters tells what is there; start it."
  }
  if is_none "pg_roles WHERE rolname = 'linli'"; then
    sql_of_this_machine 'CREATE ROLE linli LOGIN'
    changed Database "role linli, who comes in by its user's name (peer)"
  fi
  if is_none "pg_database WHERE datname = 'linli'"; then
    # Sorted by bytes: quicker, and no upgrade of the machine's locales can spoil an index.
    sql_of_this_machine "CREATE DATABASE linli OWNER linli ENCODING 'UTF8' LC_COLLATE 'C' \
      LC_CTYPE 'C.UTF-8' TEMPLATE template0"
    changed Database "database linli"
  fi
}

is_at_work() {
  systemctl is-active --quiet linli.service || systemctl is-active --quiet linli-synthetic.service
}

migrate() {
  if is_at_work; then return 0; fi # with this very program, see look_at_what_was_built
  in_the_name_of linli /usr/local/bin/linli --config /etc/linli/linli.toml migrate \
    >"$scratch/migrate" 2>&1 || {
    show_end_of "$scratch/migrate"
    fail "linli migrate ended with an error." "see the lines above; it can be run again."
  }
  if ! grep -q 'is up to date' "$scratch/migrate"; then
    changed Database "brought to this program's schema"
  fi
}

start_services() {
  local -a services=(postgresql.service)
  [[ -s /etc/linli/keys/mqtt.password ]] ||
    fail "the server has no password at the broker yet." \
      "do the steps of deploy/README.md up to \"linli devices credentials\", then --start."
  if [[ $broker == yes ]]; then
    services+=(mosquitto.service)
    if ! (exec 3<>/dev/tcp/127.0.0.1/8883) 2>/dev/null; then
      systemctl restart mosquitto.service # a new listener isn't read by a reload
    fi
  fi
  if [[ -n $hotline ]]; then start_hotline_services; fi
  systemctl enable --quiet --now "${services[@]}" linli.service
  say Started "${services[*]} linli.service; curl -s http://127.0.0.1:8080/readyz"
}

# It has served: the server has a password at the broker.
what_is_next_after_an_upgrade() {
  if [[ -n $hotline && $hotline_was_said == yes ]]; then what_is_next_of_the_hotline; fi
  say Next "runuser -u linli -- linli --config /etc/linli/linli.toml check"
  say Next "systemctl start linli linli-synthetic; more, and with a hotline: Upgrade in keeping.md"
}

what_is_next() {
  if ((changes == 0)); then
    say Installed "${root:-this machine}: nothing had to be changed"
    return 0
  fi
  say Installed "${root:-on this machine}"
  [[ -z $root ]] || say Left "database, migration and services: --root has only files"
  [[ $start == no ]] || return 0
  if [[ -s $root/etc/linli/keys/mqtt.password ]]; then
    what_is_next_after_an_upgrade
    return 0
  fi
  if [[ -n $hotline ]]; then what_is_next_of_the_hotline; fi
  cat <<'END'

What is left, in this order; "as linli" is:
  runuser -u linli -- linli --config /etc/linli/linli.toml …
  1. look through /etc/linli/linli.toml: [installation], [notify]
  2. as linli: import FOLDER                    the registry, see README.md
  3. as linli: devices credentials --secrets /var/lib/linli/secrets \
                 --password-file /etc/mosquitto/linli/users/passwords
     and, for makers of /etc/linli/devices, devices rules >> /etc/mosquitto/linli/acl (as root)
  4. as linli: user add NAME --role administrator --name … --area …
  5. systemctl restart mosquitto; as linli: check
  6. deploy/install --start, or: systemctl enable --now mosquitto linli
  7. browsers trust /etc/linli/keys/ca.crt; its key /etc/linli/authority/ca.key goes to a safe
     place, and so does a copy of /etc/linli/keys/record.keys: without it no backup can be read
  8. backups: deploy/keeping.md (deploy/keeping.zh-CN.md)
END
}
