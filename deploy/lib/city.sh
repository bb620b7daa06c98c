# shellcheck shell=bash
# What the private installation is told, and who lives in its city.

write_config() {
  # The demo's plans have short clocks, so that a visitor sees the whole way in minutes.
  mkdir -p "$folder/plans"
  cp -- "$checkout"/config/plans/*.toml "$folder/plans"
  cp -- "$checkout"/config/demo/plans/*.toml "$folder/plans"
  if [[ $check == yes ]]; then # its people are ten times as quick, so that is how long one waits
    sed -i -E 's/^(offer_lease_s|retry_unfilled_s) = .*/\1 = 2/' "$folder"/plans/{sos,fall}.toml
    sed -i -E 's/^countdown_s = .*/countdown_s = 5/' "$folder/plans/fall.toml"
  fi
  cat >"$folder/linli.toml" <<END
# Written anew by deploy/run at each start. Every key: $checkout/config/linli.toml
[installation]
name = "linli-${folder##*/}"
area = "620100"

[database]
url = "$database_url"
key_file = "$folder/keys/record.keys"

[mqtt]
url = "ssl://localhost:$mqtt_port"
password_file = "$folder/keys/mqtt.password"
ca_file = "$folder/keys/ca.crt"
broker_log = "$folder/log/mosquitto.log"

[journal]
folder = "$folder/journal"

[telemetry]
folder = "$folder/telemetry"

[http]
listen = "127.0.0.1:$http_port"

[console]
listen = "127.0.0.1:$console_port"
pages = "$checkout/build/web"
certificate = "$folder/keys/console.crt"
key = "$folder/keys/console.key"

[files]
plans = "$folder/plans"
services = "$checkout/config/services.toml"
thresholds = "$checkout/config/thresholds.toml"
calendar = "$checkout/config/calendar.toml"
note_templates = "$checkout/config/note_templates.toml"
$(hotline_settings)
END
}

linli_reads() { # linli_reads LINE SUBCOMMAND…: the same, with that line on its standard input
  local line=$1
  shift
  printf '%s\n' "$line" | "$program" --config "$folder/linli.toml" "$@" \
    >>"$folder/log/setup.log" 2>&1 9>&- || {
    show_end_of "$folder/log/setup.log"
    fail "linli $* ended with an error." "see the lines above."
  }
}

linli() { # linli SUBCOMMAND…: a short one, to its end; quiet unless it fails
  "$program" --config "$folder/linli.toml" "$@" </dev/null >>"$folder/log/setup.log" 2>&1 9>&- || {
    show_end_of "$folder/log/setup.log"
    fail "linli $* ended with an error." "see the lines above."
  }
}

load_city() { # load_city RESIDENTS SEED: once; the next start finds the records
  progress City "bringing the database to this program's schema"
  linli migrate
  if [[ ! -e $folder/city/loaded ]]; then
    progress City "$1 residents move in"
    linli demo-city "$folder/city" --residents "$1" --seed "$2"
    # Half an hour of silence is enough, at any hour: nobody watches a demo for five.
    sed -i 's/,07:00,21:00,300/,00:00,24:00,30/' "$folder/city/silences.csv"
    linli import "$folder/city"
    touch "$folder/city/loaded"
    say City "$1 residents with their homes and buttons, providers and workers"
  fi
  local passwords=$folder/mosquitto/passwords
  if [[ ! -s $passwords ]]; then
    progress City "a password for each device and provider"
    give_broker /dev/null passwords # the program keeps the owner of a file that is there
    linli devices credentials --password-file "$passwords" --secrets "$folder/secrets"
  fi
}
