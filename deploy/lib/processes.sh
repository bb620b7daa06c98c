# shellcheck shell=bash
# Starts processes so that exactly these can be stopped: at the end, or by the next run when this
# one was killed. A pid alone may belong to somebody else by then, so its birth is kept with it.

start() { # start NAME COMMAND…: in its own session, where the terminal's Ctrl-C doesn't reach
  local name=$1
  shift
  setsid -- "$@" </dev/null >>"$folder/log/$name.log" 2>&1 9>&- &
  started=$!
  remember "$name" "$started"
}

remember() { # remember NAME PID
  printf '%s %s\n' "$2" "$(birth "$2")" >"$folder/run/$1.new"
  mv -f "$folder/run/$1.new" "$folder/run/$1.pid"
}

running() { # running NAME: prints its pid; false when it has ended
  local pid born
  read -r pid born 2>/dev/null <"$folder/run/$1.pid" || return 1
  [[ -n $born && $(birth "$pid") == "$born" ]] || return 1
  echo "$pid"
}

birth() { # birth PID: boot and start time, which together with the pid are unique; not a zombie's
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  local -a field
  read -r -a field <<<"${stat##*) }"
  [[ ${field[0]} == [ZX] ]] || echo "$(</proc/sys/kernel/random/boot_id)/${field[19]}"
}

stop() { # stop NAME SECONDS: asks, waits, and ends it with all that it has started
  local name=$1 seconds=$2 pid
  if pid=$(running "$name"); then
    kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
    local tenths=$((seconds * 10))
    while running "$name" >/dev/null && ((tenths-- > 0)); do sleep 0.1; done
    if running "$name" >/dev/null; then
      say Stop "$name didn't end in $seconds s: killed"
      kill -KILL -- "-$pid" 2>/dev/null || true
    fi
  fi
  rm -f "$folder/run/$name.pid"
}

left_over() { # did a run that was killed leave something?
  local file
  for file in "$folder"/run/*.pid "$folder/postgres/data/postmaster.pid"; do
    [[ ! -e $file ]] || return 0
  done
  return 1
}

stop_everything() { # in the reverse order of the start; also what a killed run left
  stop picture 3
  stop check 10
  stop call 3
  stop simulator 10
  stop server 30
  stop_hotline
  stop mosquitto 10
  stop_postgres
}

# None of those that the kernel gives to whoever connects (32768 and up): there somebody's
# connection may have it before the server does. All are held until the last is known.
free_ports() { # free_ports N
  perl -MIO::Socket::INET -e '
    my @held;
    for (my $tries = 0; @held < $ARGV[0]; ++$tries) {
      die "no free port\n" if $tries == 1000;
      my $port = 12_000 + int rand 8_000;
      my %at = (LocalAddr => "127.0.0.1", LocalPort => $port);
      push @held, IO::Socket::INET->new(Listen => 1, %at) || next;
    }
    print join(" ", map { $_->sockport } @held), "\n"' "$1"
}
