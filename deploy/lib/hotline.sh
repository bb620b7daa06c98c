# shellcheck shell=bash
# The house's own telephone in the demo: rtpengine (sound), linli-mixer (three in one talk),
# linli-hotline (calls) and kamailio (the edge: softphones by SIP, operators' browsers by wss), all
# on the loopback.

hotline=no

# Before the configuration is written: which ports, and whether there is one at all.
prepare_hotline() {
  hotline_program=${LINLI_HOTLINE_PROGRAM:-$(dirname -- "$program")/hotline/linli-hotline}
  local each
  for each in kamailio rtpengine espeak-ng; do
    command -v "$each" >/dev/null && continue
    say Telephone "left out: there is no $each"
    return 0
  done
  mixer_program=$(dirname -- "$hotline_program")/linli-mixer
  for each in "$hotline_program" "$mixer_program"; do
    [[ -x $each ]] && continue
    say Telephone "left out: there is no $each"
    return 0
  done
  read -r sip_port wss_port ws_port engine_port ng_port digits_port trunk_port seat_port \
    mixer_port < <(free_ports 9)
  if is_free_for_sip 5060; then sip_port=5060; fi
  private_folder "$folder/hotline" "$(id -un)"
  mkdir -p "$folder/hotline/calls" "$folder/hotline/recordings"
  [[ -s $folder/keys/edge.secret ]] || openssl rand -hex 32 >"$folder/keys/edge.secret"
  hotline=yes
}

is_free_for_sip() { # is_free_for_sip PORT: SIP has both, and another PBX may have only one of them
  perl -MIO::Socket::INET -e '
    for my $of (["udp"], ["tcp", Listen => 1, ReuseAddr => 1]) {
      my ($proto, @more) = @$of;
      IO::Socket::INET->new(Proto => $proto, LocalAddr => "127.0.0.1", LocalPort => $ARGV[0],
                            @more) or exit 1;
    }' "$1"
}

hotline_settings() { # for linli.toml
  [[ $hotline == yes ]] || return 0
  cat <<END

[hotline]
socket = "$folder/run/hotline"
edge_wss_port = $wss_port
edge_secret_file = "$folder/keys/edge.secret"
recorded = "$folder/hotline/recordings"
recordings = "$folder/recordings"
END
  [[ $check == yes ]] || return 0
  # Its only seat is a plain telephone, to which the engine goes through the edge as to a browser.
  cat <<END
browsers = false
domain = "127.0.0.1:$seat_port"
END
}

start_hotline() {
  [[ $hotline == yes ]] || return 0
  progress Telephone "starting"
  local -r make=$checkout/config/hotline/make-sounds
  bash "$make" "$folder/hotline/sounds" >>"$folder/log/sounds.log" 2>&1 || {
    show_end_of "$folder/log/sounds.log"
    fail "the hotline's sounds could not be made." "see the lines above."
  }
  start_rtpengine
  start mixer "$mixer_program" --port "$mixer_port"
  start_engine
  start_edge
  say Telephone "sip:12349@127.0.0.1:$sip_port, in the pages by wss://localhost:$wss_port"
}

start_rtpengine() {
  printf '[rtpengine]\n' >"$folder/hotline/rtpengine.conf" # else the machine's is read as well
  local -r first=$((30000 + sip_port % 40 * 200)) # another demo beside this one has another range
  start rtpengine rtpengine --config-file="$folder/hotline/rtpengine.conf" --table=-1 \
    --interface=127.0.0.1 --listen-ng="127.0.0.1:$ng_port" \
    --dtmf-log-dest="127.0.0.1:$digits_port" --port-min=$first --port-max=$((first + 199)) \
    --recording-dir="$folder/hotline/recordings" --recording-method=pcap \
    --num-threads=1 --foreground --log-stderr
}

start_engine() {
  cat >"$folder/hotline/hotline.toml" <<END
# Written anew by deploy/run at each start. Every key: $checkout/config/hotline/hotline.toml
[sip]
listen = "127.0.0.1:$engine_port"
edge = "127.0.0.1:$sip_port"

[rtpengine]
address = "127.0.0.1:$ng_port"
digits = "127.0.0.1:$digits_port"

[mixer]
address = "127.0.0.1:$mixer_port"

[engine]
socket = "$folder/run/hotline"
folder = "$folder/hotline/calls"
sounds = "$folder/hotline/sounds"
drain_s = 0

[recording]
consent = "consent"
folder = "$folder/hotline/recordings"
END
  start hotline "$hotline_program" --config "$folder/hotline/hotline.toml"
  local tenths=100
  until [[ -S $folder/run/hotline ]]; do
    if ((tenths-- == 0)) || ! running hotline >/dev/null; then
      show_end_of "$folder/log/hotline.log"
      fail "linli-hotline didn't start." "see the lines above."
    fi
    sleep 0.1
  done
}

start_edge() {
  mkdir -p "$folder/hotline/edge"
  local -x LINLI_EDGE_SECRET
  LINLI_EDGE_SECRET=$(head -n 1 "$folder/keys/edge.secret")
  start kamailio kamailio -f "$checkout/config/kamailio/kamailio.cfg" -DD -E -m 64 -M 8 \
    -Y "$folder/hotline/edge" -A WITH_TLS -A WITH_BROWSERS \
    -A "CERTIFICATE=\"$folder/keys/console.crt\"" -A "PRIVATE_KEY=\"$folder/keys/console.key\"" \
    -A "EDGE_PORT=$sip_port" -A "WSS_PORT=$wss_port" -A "WEBSOCKET_PORT=$ws_port" \
    -A "ENGINE_PORT=$engine_port" -A "TRUNK_PORT=$trunk_port" \
    -A "DUTY=\"sip:duty@127.0.0.1:$trunk_port\""
  opens "$wss_port" kamailio 10 || {
    show_end_of "$folder/log/kamailio.log"
    fail "kamailio didn't start." "see the lines above."
  }
}

# The call of a check, beside the presses: what was heard of it is in run/call when it has ended.
start_call() {
  [[ $hotline == yes ]] || fail "the house's own telephone was left out, so nobody can call it." \
    "see the line of Telephone above."
  local -r ready="insert into seat (account, state, since, until, said_ready)
    values ('operator', 'ready', now(), now() + interval '1 hour', now())"
  mkdir -p "$folder/log/call"
  # shellcheck disable=SC2016 # $0 and $@ are for the inner shell
  start call bash -c 'exec "$@" >"$0"' "$folder/run/call" \
    perl "$checkout/deploy/lib/call.pl" "$folder/log/call" "$checkout/tests/hotline/scenarios" \
    "$sip_port" "$seat_port" 60 \
    "$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 "$database_url" -c "$ready"
  call=$started
}

# Its line of figures; false when it was not as it should be, or the record doesn't have all of it.
end_call() {
  local heard=0 tenths=100
  progress Check "the call to the hotline, until it is in the record"
  wait "$call" || heard=$?
  clear_progress
  cat "$folder/run/call"
  ((heard == 0)) || return 1
  until call_is_in_the_record; do
    if ((tenths-- == 0)); then
      echo ", but it is not in the record with all its times"
      return 1
    fi
    sleep 0.1
  done
  echo ", in the record with all its times and its end"
}

call_is_in_the_record() {
  sql linli -c "select count(*) from call c join call_attempt a on a.call = c.id
    where c.source = 'hotline' and c.called = '12349' and c.seat = 'operator'
      and a.account = c.seat and a.how = 'call_ended' and c.rang_at <= a.rang_at
      and a.rang_at <= a.answered_at and a.answered_at <= c.answered_at
      and c.answered_at < c.ended_at and a.answered_at < a.ended_at" | grep -qx 1
}

ended_of_hotline() { # prints which of its programs has ended; false when all run
  [[ $hotline == yes ]] || return 1
  local each
  for each in rtpengine mixer hotline kamailio; do
    running "$each" >/dev/null && continue
    echo "$each" && return 0
  done
  return 1
}

stop_hotline() {
  stop kamailio 10
  stop hotline 10
  stop mixer 5
  stop rtpengine 10
  rm -f "$folder/run/hotline"
}

hotline_to_try() {
  [[ $hotline == yes ]] || return 0
  cat <<END
  Call the house with any softphone on this machine (linphone, baresip …; no account, no STUN):
    sip:12349@127.0.0.1:$sip_port
    before, in the console as operator: 接听上岗 (Answer calls here) or F3; then F3 answers.
    What you dial in the console rings a softphone that listens on 127.0.0.1:$trunk_port
    Without a softphone, a caller without a voice, who stays until he is hung up on:
    sipp 127.0.0.1:$sip_port -sf $checkout/tests/hotline/scenarios/caller_talks.xml \\
      -i 127.0.0.1 -m 1 -key rtp 9 -key number 13800000001
END
}
