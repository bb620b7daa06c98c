# shellcheck shell=bash
# A private MQTT broker: TLS on a free port of the loopback, one password per device and provider.

start_mosquitto() {
  local server_user=linli-server try
  fill "$checkout/config/mosquitto/acl.in" SERVER_USER "$server_user" >"$folder/run/acl"
  give_broker "$folder/run/acl" acl
  give_broker "$checkout/config/mosquitto/start" start # it may not be let into the checkout
  for try in 1 2 3; do
    mqtt_port=$(free_ports 1)
    fill "$checkout/config/mosquitto/mosquitto.conf.in" \
      PORT "$mqtt_port" FOLDER "$folder/mosquitto" >"$folder/run/mosquitto.conf"
    give_broker "$folder/run/mosquitto.conf" mosquitto.conf
    start_as_broker_user
    if opens "$mqtt_port" mosquitto 10; then
      say Broker "mosquitto, TLS on 127.0.0.1:$mqtt_port"
      return 0
    fi
    running mosquitto >/dev/null && break # it lives, but doesn't listen: no use in another port
    [[ $try == 3 ]] || sleep 0.5
  done
  show_end_of "$folder/log/mosquitto.log"
  fail "mosquitto didn't start." "see the lines above."
}

# It never is root: setpriv and start replace themselves by mosquitto, so the pid is its own.
start_as_broker_user() {
  local -a in_its_name=()
  if ((EUID == 0)); then
    in_its_name=(setpriv --reuid "$broker_user" --regid "$broker_user" --init-groups
      --no-new-privs --)
  fi
  start mosquitto "${in_its_name[@]}" \
    bash "$folder/mosquitto/start" "$folder/mosquitto/mosquitto.conf"
}

fill() { # fill TEMPLATE NAME VALUE…: @NAME@ becomes VALUE
  local text
  text=$(<"$1")
  shift
  while (($# > 0)); do
    text=${text//"@$1@"/"$2"}
    shift 2
  done
  printf '%s\n' "$text"
}

opens() { # opens PORT NAME SECONDS: until the process NAME listens, as long as it lives
  local tenths=$(($3 * 10))
  while ((tenths-- > 0)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    running "$2" >/dev/null || return 1
    sleep 0.1
  done
  return 1
}
