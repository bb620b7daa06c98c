# shellcheck shell=bash
# Who signs in at the demo's pages: each with a password made here, of this installation alone.

make_sign_ins() {
  choose_worker
  add_person operator operator 张敏 --area 620100 --site city
  add_person leader shift_leader 李班长 --area 620100 --site city
  add_person supervisor city_supervisor 王科长 --area 620100
  add_person admin administrator 陈管理员 --area 620100
  add_person auditor audit_officer 周审计 --area 620100
  add_person worker worker "$worker_name" --area 620100 \
    --provider "$worker_provider" --worker "$worker_id"
  add_person manager provider_manager 赵经理 --area 620100 --provider "$worker_provider"
}

# add_person USER ROLE NAME OPTION…: unless he is there already, as in a city of an earlier version.
add_person() {
  local user=$1 role=$2 name=$3 password
  shift 3
  if [[ -n $(password_of "$user") ]]; then
    return 0
  fi
  progress People "an account for the demo's $user"
  password=$(make_password)
  linli_reads "$password" user add "$user" --role "$role" --name "$name" "$@" --password-stdin
  printf '%s %s %s\n' "$user" "$password" "$role" >>"$folder/secrets/sign-ins"
}

make_password() { # three groups of four: 12 letters and digits that nobody confuses, 59 bits
  LC_ALL=C tr -dc 'abcdefghjkmnpqrstuvwxyz23456789' </dev/urandom 2>/dev/null | head -c 12 |
    sed -E 's/(.{4})(.{4})/\1-\2-/' || true
}

# The first worker who is on duty round the clock: whoever tries his page finds offers at any hour.
choose_worker() {
  local line always='$9 == "00:00" && $10 == "24:00"' fit='$12 == "worker" && $8 ~ /first_aid/'
  line=$(awk -F, "NR > 1 && $always && $fit"' { print $1 "," $2 "," $3; exit }' \
    "$folder/city/workers.csv")
  [[ -n $line ]] ||
    fail "the demo city has no worker who is always on duty." "run this with --fresh."
  IFS=, read -r worker_id worker_provider worker_name <<<"$line"
}

password_of() { # password_of USER
  awk -v user="$1" '$1 == user { print $2 }' "$folder/secrets/sign-ins" 2>/dev/null || true
}

worker_of_the_page() {
  choose_worker
  printf '%s' "$worker_id"
}
