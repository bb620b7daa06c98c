# shellcheck shell=bash
# The house's own telephone in an installation: rtpengine (sound), linli-mixer (three in one
# talk), linli-hotline (calls) and kamailio (the edge), each by a unit of its own. Debian's services
# of the same programs are neither started, stopped nor configured.

hotline_units=(linli-rtpengine.service linli-mixer.service linli-hotline.service linli-edge.service)

# One that was installed once is upgraded with the rest: an engine and a server of two versions were
# never tried with each other.
remember_the_hotline() {
  hotline_was_said=yes
  local -r there=$root/etc/linli-hotline/edge.env
  if [[ -z $hotline && -e $there ]]; then
    hotline=$(sed -n 's/^EDGE_ADDRESS=//p' "$there" | tail -n 1)
    hotline_was_said=no
  fi
}

look_at_the_hotline() {
  [[ -n $hotline_program ]] || hotline_program=$(dirname -- "$program")/hotline/linli-hotline
  "$hotline_program" --version >/dev/null 2>&1 ||
    fail "$hotline_program can't be run." "name the hotline's program: --hotline-program."
  mixer_program=$(dirname -- "$hotline_program")/linli-mixer
  [[ -x $mixer_program ]] ||
    fail "there is no $mixer_program." "it is built with the hotline's program and lies beside it."
  local -r numbers='[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+'
  [[ $hotline =~ ^$numbers$ ]] ||
    fail "$hotline is no address." "say the address in numbers, as 192.0.2.10."
  [[ -z $trunk || $trunk =~ ^(sips?:)?($numbers)(:[0-9]+)?(;transport=(udp|tcp|tls))?$ ]] ||
    fail "$trunk is no address." "say it in numbers, as 192.0.2.1 or sips:192.0.2.1:5061."
  trunk_numbers=${BASH_REMATCH[2]:-127.0.0.1}
  local each
  [[ -z $root ]] || return 0
  for each in kamailio rtpengine espeak-ng; do
    command -v "$each" >/dev/null ||
      fail "there is no $each." "apt-get install the packages of deploy/packages."
  done
  # Before anything is changed, as with linli itself. A restart of the engine hangs up on who talks.
  if systemctl is-active --quiet linli-hotline.service &&
    ! cmp -s -- "$hotline_program" /usr/local/bin/linli-hotline; then
    fail "linli-hotline runs, and this is another program." \
      "when nobody talks: systemctl stop linli-hotline linli-mixer (it waits for who does)."
  fi
}

make_hotline_users() { make_users linli-hotline linli-edge; }

put_hotline() {
  local -r from=$checkout/config
  put_file root:root 0755 "$hotline_program" /usr/local/bin/linli-hotline
  put_file root:root 0755 "$mixer_program" /usr/local/bin/linli-mixer
  put_file root:root 0644 "$from/kamailio/kamailio.cfg" /usr/local/share/linli/kamailio.cfg
  put_file root:root 0755 "$from/kamailio/start" /usr/local/share/linli/start-edge
  make_hotline_places
  put_hotline_config
  put_hotline_secrets
  put_sounds
  local unit
  for unit in "${hotline_units[@]}"; do
    put_file root:root 0644 "$checkout/deploy/systemd/$unit" "/etc/systemd/system/$unit"
  done
}

make_hotline_places() {
  put_folder root:linli-hotline 0750 /etc/linli-hotline
  put_folder root:linli-hotline 0750 /var/lib/linli-hotline
  put_folder linli-hotline:linli-hotline 0700 /var/lib/linli-hotline/calls
  put_folder root:linli-hotline 0750 /var/lib/linli-hotline/sounds
  # linli writes what is to be spoken, engine and rtpengine read it; rtpengine writes what it has
  # recorded, and linli takes it away.
  put_folder linli:linli-hotline 2750 /var/lib/linli-hotline/spoken
  put_folder linli-rtpengine:linli-hotline 2770 /var/lib/linli-hotline/recordings
}

put_hotline_config() {
  sed -E \
    -e "s|^edge = \"127.0.0.1:5060\" +#|edge = \"$hotline:5060\" #|" \
    -e 's|^address = "127.0.0.1:2223" +#|address = "127.0.0.1:2233" #|' \
    -e 's|^digits = "127.0.0.1:2224" +#|digits = "127.0.0.1:2234" #|' \
    -e 's|^address = "127.0.0.1:2225" +#|address = "127.0.0.1:2235" #|' \
    -e '/^\[engine\]/,/^\[/ s|^folder = "[^"]*" +#|folder = "/var/lib/linli-hotline/calls" #|' \
    -e 's|^sounds = "[^"]*" +#|sounds = "/var/lib/linli-hotline/sounds" #|' \
    -e 's|^spoken = "" +#|spoken = "/var/lib/linli-hotline/spoken" #|' \
    -e '/^\[\[duty\]\]/,$ s|^(.)|# \1|' \
    "$checkout/config/hotline/hotline.toml" >"$scratch/hotline.toml"
  put_once root:linli-hotline 0640 "$scratch/hotline.toml" /etc/linli-hotline/hotline.toml
  fill "$checkout/config/hotline/rtpengine.conf.in" ADDRESS "$hotline" >"$scratch/rtpengine"
  put_once root:linli-hotline 0640 "$scratch/rtpengine" /etc/linli-hotline/rtpengine.conf
  fill "$checkout/config/kamailio/edge.env.in" ADDRESS "$hotline" TRUNK "${trunk:-127.0.0.1}" \
    NUMBERS_AT "$trunk_numbers" >"$scratch/edge"
  put_once root:root 0600 "$scratch/edge" /etc/linli-hotline/edge.env
}

# linli and the edge share one; the others are the trunk's, for a trunk that wants them.
put_hotline_secrets() {
  if [[ ! -e $root/etc/linli/keys/edge.secret ]]; then
    (umask 077 && openssl rand -hex 32 >"$scratch/edge.secret")
    put_once linli:linli 0600 "$scratch/edge.secret" /etc/linli/keys/edge.secret
  fi
  local each
  for each in trunk.password trunk-ca.crt trunk.crt trunk.key; do
    put_once root:root 0600 /dev/null "/etc/linli/keys/$each"
  done
}

put_sounds() { # to begin with; whoever records better ones lays them there by the same names
  local -r to=/var/lib/linli-hotline/sounds
  local file
  mkdir -p "$scratch/sounds"
  cp -- "$root$to"/*.wav "$scratch/sounds" 2>/dev/null || true # those needn't be spoken again
  "$checkout/config/hotline/make-sounds" "$scratch/sounds" >"$scratch/said" 2>&1 || {
    show_end_of "$scratch/said"
    fail "the hotline's sounds could not be made." "see the lines above."
  }
  for file in "$scratch"/sounds/*.wav; do
    put_once root:linli-hotline 0640 "$file" "$to/${file##*/}" >>"$scratch/said"
  done
}

name_the_hotline() { # name_the_hotline LINLI_TOML
  sed -i -E '/^\[hotline\]/,/^\[/ {
    s|^socket = "" +#|socket = "/run/linli/hotline" #|
    s|^spoken = "" +#|spoken = "/var/lib/linli-hotline/spoken" #|
  }' "$1"
}

start_hotline_services() {
  # Who has disabled it has had a reason.
  if [[ $hotline_was_said == no ]] && ! systemctl is-enabled --quiet linli-hotline.service; then
    return 0
  fi
  local each
  for each in kamailio.service rtpengine-daemon.service; do
    ! systemctl is-active --quiet "$each" ||
      say Hotline "$each of Debian runs as well: see \"Debian's own\" in telephone.md"
  done
  systemctl enable --quiet --now "${hotline_units[@]}"
  say Started "${hotline_units[*]}"
}

what_is_next_of_the_hotline() {
  if ! grep -qE '^socket = "[^"]' "$root/etc/linli/linli.toml"; then
    say Hotline "/etc/linli/linli.toml is yours: say in its [hotline]" \
      "socket = \"/run/linli/hotline\""
  fi
  say Hotline "trunk, duty telephones, firewall:" \
    "\"From the trunk to the first call\" in telephone.md"
}
