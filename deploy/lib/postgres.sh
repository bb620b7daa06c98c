# shellcheck shell=bash
# A private PostgreSQL cluster: no TCP, its own socket folder, and no password at all. "peer" lets
# the kernel say who connects, and the map admits one system user: who runs this. That is simpler
# than a password, and there is none to leak.

start_postgres() {
  find_postgres
  local cluster=$folder/postgres/data
  [[ -e $cluster/PG_VERSION ]] || create_cluster "$cluster"
  choose_socket_folder
  settings | into_cluster linli.conf
  (
    cd /
    mapfile -t memory < <(memory_settings)
    as "$database_user" env "${memory[@]}" "$postgres_bin/pg_ctl" --pgdata "$cluster" \
      --log "$folder/postgres/log" --wait --timeout 60 --silent start
  ) </dev/null >"$folder/log/pg_ctl.log" 2>&1 9>&- || {
    show_end_of "$folder/log/pg_ctl.log"
    show_end_of "$folder/postgres/log"
    fail "PostgreSQL didn't start." "see the lines above."
  }
  sql postgres -c "select 1 from pg_roles where rolname = 'linli'" | grep -q 1 ||
    sql postgres -c "create role linli login"
  sql postgres -c "select 1 from pg_database where datname = 'linli'" | grep -q 1 ||
    sql postgres -c "create database linli owner linli"
  database_url="host='$socket_folder' dbname=linli user=linli"
  say Database "PostgreSQL $(sql postgres -c 'show server_version' | cut -d ' ' -f 1), on a socket"
}

memory_settings() { # as env takes them
  sed -n "s/^\([A-Z_]*\) = '\([0-9]*\)'$/\1=\2/p" "$checkout/config/postgresql/environment"
}

# Not what lies on the PATH: Debian keeps each version apart. A cluster stays with its version.
find_postgres() {
  local version
  version=$(cat "$folder/postgres/data/PG_VERSION" 2>/dev/null) ||
    version=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | cut -d / -f 5 | sort -n | tail -n 1)
  postgres_bin=/usr/lib/postgresql/$version/bin
  [[ -x $postgres_bin/postgres && $version -ge 15 ]] ||
    fail "no PostgreSQL $version in /usr/lib/postgresql." "apt-get install postgresql-15"
}

create_cluster() { # under another name until it is whole
  local cluster=$1 unfinished=$1.unfinished
  progress Database "creating a cluster"
  as "$database_user" rm -rf -- "$unfinished"
  (
    cd /
    as "$database_user" "$postgres_bin/initdb" --pgdata "$unfinished" --username postgres \
      --encoding UTF8 --locale C.UTF-8 --lc-collate C --no-instructions
  ) >"$folder/log/initdb.log" 2>&1 9>&- || {
    show_end_of "$folder/log/initdb.log"
    fail "initdb could not create a cluster." "see the lines above."
  }
  into_cluster pg_hba.conf "$unfinished" <<<"local all all peer map=linli"
  into_cluster pg_ident.conf "$unfinished" <<END
linli "$(id -un)" linli
linli "$(id -un)" postgres
END
  {
    cat "$unfinished/postgresql.conf"
    echo "include 'linli.conf'"
  } | into_cluster postgresql.conf.new "$unfinished"
  as "$database_user" mv -- "$unfinished/postgresql.conf.new" "$unfinished/postgresql.conf"
  as "$database_user" mv -T -- "$unfinished" "$cluster"
}

settings() {
  cat <<END
# Written anew by deploy/run at each start.
listen_addresses = ''
unix_socket_directories = '$socket_folder'
unix_socket_permissions = 0700
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
fsync = on      # on in a demo too: what Linli has acknowledged survives a power cut
END
}

into_cluster() { # into_cluster FILE [CLUSTER]: the text on stdin
  # shellcheck disable=SC2016 # $1 is for the inner shell
  as "$database_user" sh -c 'umask 077 && cat >"$1"' sh "${2:-$folder/postgres/data}/$1"
}

# A socket's whole name may have 107 bytes.
choose_socket_folder() {
  socket_folder=$folder/postgres/socket
  local name=$socket_folder/.s.PGSQL.5432
  if (($(printf '%s' "$name" | wc -c) > 100)); then
    socket_folder=/tmp/linli-$(printf '%s' "$folder" | sha256sum | cut -c 1-8)
    # stat doesn't follow a link that somebody laid here
    case $(stat --format=%F/%U -- "$socket_folder" 2>/dev/null) in
      '' | "directory/$database_user") ;;
      *) fail "$socket_folder is there, but is not ours." "remove it and run this again." ;;
    esac
  fi
  private_folder "$socket_folder" "$database_user"
}

sql() { # sql DATABASE PSQL-ARGUMENTS…: as the cluster's superuser
  local database=$1
  shift
  "$postgres_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
    "host='$socket_folder' dbname=$database user=postgres" "$@"
}

stop_postgres() {
  local cluster=$folder/postgres/data pid
  pid=$(head -n 1 "$cluster/postmaster.pid" 2>/dev/null) || return 0
  # After a reboot that number may be anybody's: it must be a postgres on this very folder.
  if [[ $(readlink "/proc/$pid/exe") == */bin/postgres* ]] &&
    [[ " $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" == *" $cluster "* ]]; then
    find_postgres
    (
      cd /
      as "$database_user" "$postgres_bin/pg_ctl" --pgdata "$cluster" \
        --mode fast --wait --timeout 60 --silent stop
    ) >>"$folder/log/pg_ctl.log" 2>&1 9>&- ||
      say Stop "PostgreSQL (process $pid) didn't end in 60 s; see $folder/log/pg_ctl.log"
  fi
  [[ -z ${socket_folder:-} || $socket_folder == "$folder"/* ]] || rm -rf -- "$socket_folder"
}
