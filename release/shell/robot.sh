#!/bin/sh
# Puts a robot online with Tether: installs its program, enrolls it and starts it. A second run changes nothing.
#   sh robot.sh CODE [--driver PROGRAM]    CODE is the one-time code from the robot's owner
#   sh robot.sh --remove                   takes all of it away again, the robot's key too
set -eu
umask 022

base='@base@'
api='@api@'
key() {
  cat <<'KEY'
@key@
KEY
}
unit() {
  cat <<'UNIT'
@unit@
UNIT
}
wrapper() {
  cat <<'WRAPPER'
@wrapper@
WRAPPER
}

say() { echo "tether-robot: $*"; }
fail() {
  echo "tether-robot: $*" >&2
  exit 1
}

if [ "$(id -u)" = 0 ]; then
  user=tether-robot
  root=/opt/tether-robot bin=/usr/local/bin state=/var/lib/tether-robot config=/etc/tether-robot units=/etc/systemd/system
  wanted=multi-user.target
  ctl() { systemctl "$@"; }
else
  user=''
  root=$HOME/.local/share/tether-robot bin=$HOME/.local/bin state=$HOME/.local/state/tether-robot
  config=$HOME/.config/tether-robot units=$HOME/.config/systemd/user wanted=default.target
  ctl() { systemctl --user "$@"; }
fi
service=$units/tether-robot.service
has_systemd() {
  if [ "$(id -u)" = 0 ]; then [ -d /run/systemd/system ]; else ctl show-environment >/dev/null 2>&1; fi
}
keeper() {
  pid=$(cat "$state/keeper.pid" 2>/dev/null) || return 1
  grep -q tether-robot "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

remove() {
  found=''
  # A command of that name that came another way stays.
  link=$bin/tether-robot
  [ "$(readlink "$link" 2>/dev/null)" = "$root/tether-robot" ] || link=$root/tether-robot
  for path in "$root" "$state" "$config" "$service" "$link"; do
    # The last one is a link, which stays where only its target was removed.
    if [ -e "$path" ] || [ -L "$path" ]; then found=yes; fi
  done
  if [ -z "$found" ]; then
    say "nothing of it is installed here."
    return
  fi
  if [ -e "$service" ]; then
    ctl disable --now tether-robot.service >/dev/null 2>&1 || true
    rm -f "$service"
    ctl daemon-reload >/dev/null 2>&1 || true
  fi
  if pid=$(keeper); then
    kill "$pid" 2>/dev/null || true
    n=0
    while kill -0 "$pid" 2>/dev/null && [ $n -lt 30 ]; do
      sleep 1
      n=$((n + 1))
    done
  fi
  rm -rf "$root" "$state" "$config"
  rm -f "$link"
  if [ -n "$user" ]; then
    if id "$user" >/dev/null 2>&1; then userdel "$user" 2>/dev/null || say "the user $user is still there: userdel $user"; fi
  else
    # Only folders that are empty now go.
    for folder in "$units" "$HOME/.config/systemd" "$HOME/.config" "$bin" "$HOME/.local/share" "$HOME/.local/state" "$HOME/.local"; do
      rmdir "$folder" 2>/dev/null || true
    done
  fi
  say "removed, with the robot's key. At the service it is still listed: tether robot delete ROBOT takes it away there."
}

code='' driver=''
while [ $# -gt 0 ]; do
  case $1 in
    --remove)
      remove
      exit 0
      ;;
    --driver)
      [ $# -gt 1 ] || fail "--driver needs the program that moves the robot."
      driver=$2
      shift
      ;;
    -*) fail "there is no option $1; CODE, --driver PROGRAM and --remove are what it takes." ;;
    *) code=$1 ;;
  esac
  shift
done

case $(uname -s)-$(uname -m) in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64 | Linux-arm64) platform=linux-arm64 ;;
  *) fail "there is no program for $(uname -s) on $(uname -m); it runs on Linux, on x86_64 and aarch64." ;;
esac
for tool in tar gzip sha256sum openssl readlink sed; do
  command -v "$tool" >/dev/null || fail "$tool is not installed. On Debian and Ubuntu: apt-get install $tool; then paste the line again."
done
if command -v curl >/dev/null; then
  get() { curl -fsSL --retry 3 "$base/$1" -o "$2"; }
elif command -v wget >/dev/null; then
  get() { wget -q "$base/$1" -O "$2"; }
else
  fail "neither curl nor wget is installed. On Debian and Ubuntu: apt-get install curl"
fi

# The paths go into a shell script, a unit and an expression of sed, where such characters mean something else.
case $root in *[\'\"\\\&\|%\$\`]*) fail "HOME is $HOME: its name may have spaces and any letters, but none of ' \" \\ & | % \$ \`. Nothing was installed." ;; esac
if [ -e "$root/install.json" ] && ! grep -qF "\"base\":\"$base\"" "$root/install.json"; then
  say "this robot was installed from $(sed -n 's/.*"base":"\([^"]*\)".*/\1/p' "$root/install.json"), and takes its updates from there."
  fail "to move it to this service, remove it first, with its key: curl -fsSL $base/robot.sh | sh -s -- --remove; then paste the line again."
fi
link=$(readlink "$bin/tether-robot" 2>/dev/null || true)
if { [ -e "$bin/tether-robot" ] || [ -n "$link" ]; } && [ "$link" != "$root/tether-robot" ]; then
  fail "$bin/tether-robot is there already and came another way, from npm for instance: remove it first, as npm rm -g @tether/agent does, then paste the line again."
fi
mkdir -p "$root/versions" || fail "$root cannot be written. Nothing was installed."
# Removes what a run left that was cut off, by the power for instance; a run that goes on is younger.
find "$root" -maxdepth 1 -name '.work.*' -mmin +60 -exec rm -rf {} + 2>/dev/null || true
work=$(mktemp -d "$root/.work.XXXXXX") || fail "$root cannot be written. Nothing was installed."
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
get manifest.json "$work/manifest.json" || fail "$base/manifest.json cannot be fetched."
get manifest.json.sig "$work/manifest.json.sig" || fail "$base/manifest.json.sig cannot be fetched."
case $(head -c 1 "$work/manifest.json") in
  '{') ;;
  *) fail "$base/manifest.json is answered with something that is no list of files: a guest network's page or a proxy may stand before the service. Nothing was installed." ;;
esac
key >"$work/key.pem"
openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/manifest.json" -sigfile "$work/manifest.json.sig" >/dev/null 2>&1 ||
  fail "the signature of $base/manifest.json is wrong. Nothing was installed; tell whoever runs the service."

version=$(sed -n '2s/.*"version":"\([^"]*\)".*/\1/p' "$work/manifest.json")
glibc=$(sed -n '2s/.*"glibc":"\([^"]*\)".*/\1/p' "$work/manifest.json")
here=$( (getconf GNU_LIBC_VERSION 2>/dev/null || true) | sed 's/[^0-9.]//g')
[ -n "$here" ] || fail "this system has no glibc; the program needs glibc $glibc, as on Debian 12 or Ubuntu 22.04."
[ "${here#*.}" -ge "${glibc#*.}" ] || fail "this system has glibc $here; the program needs $glibc, as on Debian 12 or Ubuntu 22.04."

ending=gz
if command -v xz >/dev/null && grep -q "\"name\":\"tether-robot-$version-$platform.tar.xz\"" "$work/manifest.json"; then ending=xz; fi
file=tether-robot-$version-$platform.tar.$ending
sum=$(sed -n "/\"name\":\"$file\"/s/.*\"sha256\":\"\([0-9a-f]*\)\".*/\1/p" "$work/manifest.json")
[ -n "$sum" ] || fail "this service serves no program for $platform."

# A file that lost its end when the power failed may end well and say nothing.
runs() { "$1/tether-robot" --version 2>/dev/null | grep -q "^tether-robot "; }
if [ "$(readlink "$root/current" 2>/dev/null)" = "versions/$version" ] && runs "$root/current"; then
  say "$version is installed already."
elif [ -e "$root/current" ] && runs "$root/current"; then
  say "another version is installed; tether-robot update moves it to $version."
else
  say "fetching $version for $platform …"
  get "$file" "$work/$file" || fail "$base/$file cannot be fetched."
  echo "$sum  $work/$file" | sha256sum -c - >/dev/null 2>&1 ||
    fail "$base/$file is not the file that was signed. Nothing was installed; tell whoever runs the service."
  mkdir "$work/program"
  tar -xf "$work/$file" -C "$work/program" || fail "the program cannot be unpacked in $root: it takes 140 MB there. Nothing was installed."
  runs "$work/program" || fail "the program does not run here; nothing was installed."
  rm -rf "$root/versions/$version"
  mv "$work/program" "$root/versions/$version"
  # The power may fail from here on: a link must not be on the disk before what it leads to.
  sync "$root/versions/$version"/* 2>/dev/null || sync
  ln -sfn "versions/$version" "$root/current"
fi

if [ -n "$user" ] && ! id "$user" >/dev/null 2>&1; then
  useradd --system --home-dir "$state" --no-create-home --shell /usr/sbin/nologin "$user"
  say "made the user $user."
fi
mkdir -p "$bin" "$config" "$state"
chmod 700 "$state"
[ -z "$user" ] || chown "$user" "$state"
fill() { sed -e "s|@root@|$root|g" -e "s|@state@|$state|g" -e "s|@config@|$config/robot.json|g" -e "s|@user@|$user|g" -e "s|@start@|\"$root/tether-robot\" start|g"; }
wrapper | fill >"$work/tether-robot"
chmod 755 "$work/tether-robot"
cmp -s "$work/tether-robot" "$root/tether-robot" || mv "$work/tether-robot" "$root/tether-robot"
[ "$link" = "$root/tether-robot" ] || ln -sfn "$root/tether-robot" "$bin/tether-robot"
[ -e "$root/install.json" ] || {
  keys=$(sed -n '2s/.*"keys":\(\[[^]]*\]\).*/\1/p' "$work/manifest.json")
  echo "{\"base\":\"$base\",\"keys\":$keys}" >"$root/install.json"
}
if [ ! -e "$config/robot.json" ]; then
  printf '{"driver":"%s"}\n' "$(printf %s "${driver:-simulated}" | sed 's/[\\"]/\\&/g')" >"$config/robot.json"
elif [ -n "$driver" ]; then
  say "$config/robot.json is there already and names the driver; change it there."
fi

if "$root/tether-robot" status >/dev/null 2>&1; then
  say "this robot is enrolled already."
  # The code that it was enrolled with is taken again and changes nothing; another one is left unused.
  if [ -n "$code" ] && ! "$root/tether-robot" enroll "$api" "$code" >/dev/null 2>&1; then
    say "the code was not used. To enroll this robot anew with it: \"$bin/tether-robot\" enroll --again $api $code"
    say "then paste this line again, so that it starts at once."
  fi
elif [ -n "$code" ]; then
  "$root/tether-robot" enroll "$api" "$code" || exit $?
else
  fail "installed, and not enrolled: paste the line with the robot's one-time code."
fi

if has_systemd; then
  mkdir -p "$units"
  # A service of a user's has no user to change to, and its manager makes no views of the disk.
  if [ -n "$user" ]; then unit; else unit | sed -e '/^User=/d' -e '/^Protect/d' -e '/^ReadWritePaths=/d' -e '/^PrivateTmp=/d'; fi |
    fill | sed "s|^WantedBy=.*|WantedBy=$wanted|" >"$work/unit"
  if ! cmp -s "$work/unit" "$service"; then
    cp "$work/unit" "$service"
    ctl daemon-reload
    say "wrote $service."
  fi
  ctl enable --now tether-robot.service >/dev/null 2>&1 || fail "systemd does not start it; see: systemctl status tether-robot"
  if [ -z "$user" ] && command -v loginctl >/dev/null; then
    loginctl enable-linger >/dev/null 2>&1 || say "it ends when you log out: an administrator changes that by loginctl enable-linger $(id -un)"
  fi
elif keeper >/dev/null; then
  say "it runs already."
else
  say "there is no systemd here, so it runs in the background now, and nothing starts it again after a restart of the machine."
  say "have the machine run this whenever it starts, by a line of cron's for instance: @reboot \"$root/tether-robot\" keep"
  if [ -n "$user" ]; then set -- runuser -u "$user" -- "$root/tether-robot" keep; else set -- "$root/tether-robot" keep; fi
  log=$state/log
  setsid nohup "$@" >>"$log" 2>&1 </dev/null &
  [ -z "$user" ] || chown "$user" "$log" 2>/dev/null || true
fi

n=0
until "$root/tether-robot" status --json 2>/dev/null | grep -q '"status":"online"'; do
  n=$((n + 1))
  [ $n -le 60 ] || {
    "$root/tether-robot" status || true
    if has_systemd; then see="journalctl$([ -n "$user" ] || echo " --user") -u tether-robot -n 20"; else see="tail -n 20 \"$state/log\""; fi
    fail "it is not online after a minute; why is in its log: $see"
  }
  sleep 1
done
"$root/tether-robot" status
case ":$PATH:" in *":$bin:"*) ;; *) say "$bin is not in your PATH; its command is $bin/tether-robot" ;; esac
say "online. Its program is in $root, its key in $state, its settings in $config/robot.json."
