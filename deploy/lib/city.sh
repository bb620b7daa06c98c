# shellcheck shell=bash
# What the private installation is told, and who lives in its city.

write_config() {
  cat >"$folder/linli.toml" <<END
# Written anew by deploy/run at each start. Every key: $checkout/config/linli.toml
[installation]
name = "linli-${folder##*/}"

[database]
url = "$database_url"
key_file = "$folder/keys/record.keys"

[mqtt]
url = "ssl://localhost:$mqtt_port"
password_file = "$folder/keys/mqtt.password"
ca_file = "$folder/keys/ca.crt"

[journal]
folder = "$folder/journal"

[http]
listen = "127.0.0.1:$http_port"

[files]
plans = "$checkout/config/plans"
services = "$checkout/config/services.toml"
END
}

linli() { # linli SUBCOMMAND…: a short one, to its end; quiet unless it fails
  "$program" --config "$folder/linli.toml" "$@" </dev/null >>"$folder/log/setup.log" 2>&1 9>&- || {
    show_end_of "$folder/log/setup.log"
    fail "linli $* ended with an error." "see the lines above."
  }
}

load_city() { # load_city RESIDENTS SEED: once; the next start finds the records
  progress City "bringing the database to this program's schema"
  [[ -s $folder/keys/mqtt.password ]] || openssl rand -hex 24 >"$folder/keys/mqtt.password"
  linli migrate
  if [[ ! -e $folder/city/loaded ]]; then
    progress City "$1 residents move in"
    linli demo-city "$folder/city" --residents "$1" --seed "$2"
    linli import "$folder/city"
    touch "$folder/city/loaded"
    say City "$1 residents with their homes and buttons, providers and workers"
  fi
  if [[ ! -s $folder/keys/broker.passwords ]]; then
    linli devices credentials \
      --password-file "$folder/keys/broker.passwords" --secrets "$folder/secrets"
  fi
}
