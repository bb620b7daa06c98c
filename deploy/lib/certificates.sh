# shellcheck shell=bash
# A certificate authority of this installation alone, and the broker's certificate from it.

make_certificates() {
  local keys=$folder/keys broker=$folder/mosquitto
  if [[ -s $broker/server.crt ]] &&
    openssl x509 -in "$broker/server.crt" -noout -checkend 2592000 >/dev/null; then
    return 0 # good for another month
  fi
  {
    openssl ecparam -name prime256v1 -genkey -noout -out "$keys/ca.key"
    openssl req -x509 -new -key "$keys/ca.key" -sha256 -days 3650 -out "$keys/ca.crt" \
      -config <(certificate_settings 'CN = Linli private authority') -extensions authority
    openssl ecparam -name prime256v1 -genkey -noout -out "$keys/server.key"
    openssl req -new -key "$keys/server.key" -sha256 -out "$keys/server.csr" \
      -config <(certificate_settings 'CN = localhost')
    openssl x509 -req -in "$keys/server.csr" -CA "$keys/ca.crt" -CAkey "$keys/ca.key" -sha256 \
      -days 825 -CAcreateserial -out "$keys/server.crt" \
      -extfile <(certificate_settings 'CN = localhost') -extensions broker
  } >"$folder/log/certificates.log" 2>&1 || {
    show_end_of "$folder/log/certificates.log"
    fail "openssl could not make the certificates." "remove $folder and run this again."
  }
  give_broker "$keys/server.key" server.key
  give_broker "$keys/server.crt" server.crt # last: it says that all is there
  rm -f "$keys"/server.*
}

certificate_settings() { # certificate_settings SUBJECT
  cat <<END
[req]
prompt = no
distinguished_name = subject
[subject]
$1
[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[broker]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
authorityKeyIdentifier = keyid
END
}

give_broker() { # give_broker FILE NAME: only the broker's user may read it
  local -a owner=()
  if ((EUID == 0)); then owner=(-o "$broker_user" -g "$broker_user"); fi
  install -m 0600 "${owner[@]}" -- "$1" "$folder/mosquitto/$2"
}

make_console_certificate() { # by the program itself, as an installation does
  [[ -s $folder/keys/console.crt ]] ||
    linli certificates make --folder "$folder/keys" --name localhost --name 127.0.0.1
}
