# shellcheck shell=bash
# The demo city at work: the server, those who press, answer and go, and the picture of it.

set_up_installation() { # set_up_installation NAME RESIDENTS SEED
  choose_folder "$1"
  umask 077 # from here on all is the installation's own
  make_folders
  only_one_at_a_time
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  if left_over; then
    say Stop "ending what a killed run has left"
    stop_everything
  fi
  if [[ $fresh == yes ]]; then
    empty_folder
    make_folders
  fi

  make_certificates
  start_postgres
  read -r mqtt_port http_port console_port < <(free_ports 3)
  keep_console_port
  prepare_hotline
  write_config
  load_city "$2" "$3"
  make_console_certificate
  make_sign_ins
  start_mosquitto
  write_config # the broker may have got another port
  start_hotline
  linli check
  start_server
}

# A browser keeps the address: the same one at each start, as long as it is free.
keep_console_port() {
  local wanted
  wanted=$(cat "$folder/run/console-port" 2>/dev/null) || wanted=8444
  if ! (exec 3<>"/dev/tcp/127.0.0.1/$wanted") 2>/dev/null; then
    console_port=$wanted
  fi
  echo "$console_port" >"$folder/run/console-port"
}

leave() {
  local result=$?
  set +e
  trap '' INT TERM HUP # a second Ctrl-C must not leave anything behind; each stop has its limit
  stop picture 3
  progress Stop "ending all that was started here"
  stop_everything
  clear_progress
  if [[ $keep == no && $result == 0 ]]; then
    find "$folder" -mindepth 1 -delete
    rmdir "$folder"
  elif [[ $result == 1 ]]; then
    say Logs "$folder/log"
  elif [[ $keep == yes ]]; then
    say Stop "all that was started here has ended; the records stay in $folder"
  fi
  exit "$result"
}

start_server() {
  progress Server "starting"
  start server "$program" --config "$folder/linli.toml" serve
  local tenths=600
  while ((tenths-- > 0)); do
    if is_ready; then
      say Server "ready: http://127.0.0.1:$http_port/readyz and /metrics"
      say Console "https://localhost:$console_port/console"
      return 0
    fi
    running server >/dev/null || break
    sleep 0.1
  done
  show_end_of "$folder/log/server.log"
  fail "the server didn't get ready." "see the lines above."
}

is_ready() {
  local answer=''
  answer=$(
    exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$http_port" || exit 0
    printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    read -r -t 2 answer <&3 && printf '%s' "$answer"
  ) || true
  [[ $answer == HTTP/1.?\ 200* ]]
}

run_demo() {
  start simulator "$program" --config "$folder/linli.toml" simulate \
    --secrets "$folder/secrets" --city "$folder/city" \
    --operators-wait 25 --leave-worker "$(worker_of_the_page)"
  what_to_try | tee "$folder/what-to-try.txt"
  trap 'exit 0' INT # from here on Ctrl-C is the way it should end
  show_picture
  local ended='' restarts=0
  while true; do
    { wait -n -p ended || true; } 2>/dev/null # bash would write "Killed" into the picture
    if [[ $ended == "$picture" ]]; then
      exit 0
    elif ! running server >/dev/null && ((restarts++ < 5)); then
      sleep 1 # as systemd would
      start_server >>"$folder/log/restarts.log"
    elif ! running server >/dev/null; then
      ended_by_itself server
    elif ! running mosquitto >/dev/null; then
      ended_by_itself mosquitto
    elif ended=$(ended_of_hotline); then
      ended_by_itself "$ended"
    elif ! running simulator >/dev/null; then
      ended_by_itself simulator
    fi
  done
}

ended_by_itself() {
  stop picture 3
  show_end_of "$folder/log/$1.log"
  fail "$1 ended by itself." "see the lines above."
}

show_picture() { # not by start: it writes on this terminal
  "$program" --config "$folder/linli.toml" status --follow \
    --hint "What to try, in another terminal: $folder/what-to-try.txt" \
    --hint "Ctrl-C here stops all of it" \
    </dev/null 2>>"$folder/log/picture.log" 9>&- &
  picture=$!
  remember picture "$picture"
}

what_to_try() {
  local one_provider
  one_provider=$(cd "$folder/secrets" && printf '%s\n' p-* | head -n 1)
  cat <<END

What to try, in another terminal (kept in $folder/what-to-try.txt):

  Be the operator, in a browser on this machine (it will ask about a certificate that this
  installation made itself; its authority is $folder/keys/ca.crt):
    https://localhost:$console_port/console   operator  $(password_of operator)
    press F2 when it rings; nobody else takes a call for 25 s. More: leader $(password_of leader)
  Be a worker, at a telephone's width:
    https://localhost:$console_port/m         worker    $(password_of worker)
  Say who of a company goes, there and with its people in /admin (manager $(password_of manager))
  Look after the registry and the accounts, read the reports (supervisor $(password_of supervisor)),
  or who saw whom (auditor $(password_of auditor)):
    https://localhost:$console_port/admin     admin     $(password_of admin)
$(hotline_to_try)
  The same from a terminal: see what is open, claim one, close it
    alias linli='"$program" --config "$folder/linli.toml"'
    linli desk list
    linli desk claim ID --operator me
    linli desk close ID --operator me --outcome helped     # which outcomes: linli desk close --help
  When each step of a press was done, from the button to the door (EVENT stands beside "raised")
    linli trace EVENT
  Pull the plug: the server comes back within seconds, and no press is lost
    kill -9 \$(cut -d ' ' -f 1 "$folder/run/server.pid")
  What one provider is sent
    mosquitto_sub -V 5 -v -h localhost -p $mqtt_port --cafile "$folder/keys/ca.crt" \\
      -u $one_provider -P "\$(cat "$folder/secrets/$one_provider")" \\
      -t linli/v1/p/$one_provider/offers
  What the watches have measured
    psql "$database_url" -c 'select * from telemetry_vital order by received_at desc limit 20'
  The records
    psql "$database_url"
  The server's log
    tail -f "$folder/log/server.log"

Ctrl-C here stops all of it. The records stay; deploy/run --fresh begins with a new city.

END
}

# The program presses, waits, looks into the database and prints the lines of figures; meanwhile
# somebody calls the hotline.
run_check() {
  local result=0 call_failed=no
  start_call
  # shellcheck disable=SC2016 # $0 and $@ are for the inner shell
  start check bash -c 'exec "$@" >"$0"' "$folder/run/figures" \
    timeout --kill-after 5 180 "$program" --config "$folder/linli.toml" \
    simulate --secrets "$folder/secrets" --city "$folder/city" \
    --check --presses 60 --time-scale 0.1
  progress Check "60 residents press, others fall, wander, are silent; until all were helped"
  wait "$started" || result=$?
  clear_progress
  cat "$folder/run/figures"
  if ! end_call; then
    show_end_of "$folder/log/hotline.log"
    show_end_of "$folder/log/kamailio.log"
    call_failed=yes
  fi
  ((result != 0)) || [[ $call_failed == yes ]] || return 0
  show_end_of "$folder/log/server.log"
  show_end_of "$folder/log/check.log"
  if ((result == 0)); then
    fail "the call to the hotline was not as it should be." "see the lines above."
  elif ((result == 124)); then
    fail "not every press was answered to the end in 180 s." "see the lines above."
  fi
  fail "the check ended with $result." "see the lines above."
}
