# shellcheck shell=bash
# Configures and builds a preset of CMakePresets.json, in build/<preset>.

build() { # build PRESET
  local preset=$1 folder=$checkout/build/$1 log=$checkout/var/log/build-$1.log
  # Another checkout has compiled the same files by other paths: what it cached is as good here.
  local -x CCACHE_BASEDIR=$checkout CCACHE_NOHASHDIR=1
  unset LANG LANGUAGE # LC_ALL decides, but to ccache another LANG is another compilation
  mkdir -p "$checkout/var/log"
  if [[ ! -e $folder/build.ninja || $checkout/CMakePresets.json -nt $folder/build.ninja ]]; then
    progress Build "configuring $preset"
    (cd "$checkout" && cmake --preset "$preset") >"$log" 2>&1 || build_failed "$log" "$folder"
  fi
  if ninja -C "$folder" -n 2>/dev/null | grep -q 'no work to do'; then
    return 0
  fi

  say Build "$preset, $(jobs_that_fit) at a time; ccache makes the next time quick"
  local began=$SECONDS
  if [[ -t 1 ]]; then
    ninja -C "$folder" -j "$(jobs_that_fit)" ||
      fail "the build of $preset ended with the errors above." "mend them and run this again."
  else
    ninja -C "$folder" -j "$(jobs_that_fit)" 2>&1 | tee "$log" | now_and_then ||
      build_failed "$log" "$folder"
  fi
  say Build "$preset is ready ($((SECONDS - began)) s)"
}

# Beast and Asio take up to 1.5 GiB a compiler.
jobs_that_fit() {
  local cores memory_kib
  cores=$(nproc)
  memory_kib=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
  local fit=$((memory_kib / 1572864))
  echo $((fit < 1 ? 1 : fit < cores ? fit : cores))
}

now_and_then() { # without a terminal, one line of ninja's every half minute
  local line next=$((SECONDS + 30))
  while IFS= read -r line; do
    if ((SECONDS >= next)) && [[ $line == \[* ]]; then
      say Build "${line:0:80}"
      next=$((SECONDS + 30))
    fi
  done
}

build_failed() {
  show_end_of "$1" 40
  fail "the build failed; all of its words are in $1" \
    "mend it and run this again; if the checkout was moved: rm -r $2"
}
