#!/bin/sh
# tether-robot as robot.sh installed it: chooses the version, and where key and settings are.
root='@root@'
state=${TETHER_STATE:-'@state@'}
user='@user@'
# The robot's key belongs to the service's user. What root does by hand is done as that user, but for what changes the installation.
if [ -n "$user" ] && [ "$(id -u)" = 0 ] && [ "${1:-}" != update ]; then exec runuser -u "$user" -- "$0" "$@"; fi
TETHER_STATE=$state
TETHER_CONFIG=${TETHER_CONFIG:-'@config@'}
export TETHER_STATE TETHER_CONFIG
current=$(readlink "$root/current")
version=$root/current
# A version that did not come online is not run again; the one before it is.
if [ -e "$root/previous" ] && [ "$(cat "$state/failed-version" 2>/dev/null)" = "${current##*/}" ]; then version=$root/previous; fi

keep() {
  child='' stopped=''
  trap 'stopped=yes; [ -z "$child" ] || kill -TERM "$child"' TERM INT HUP
  echo $$ >"$state/keeper.pid"
  while [ -z "$stopped" ]; do
    "$0" start &
    child=$!
    wait "$child"
    code=$?
    # A signal ends the wait, and not the robot.
    while kill -0 "$child" 2>/dev/null; do
      wait "$child"
      code=$?
    done
    case $code in 0 | 2 | 3 | 4) break ;; esac
    [ -n "$stopped" ] || sleep 5
  done
  rm -f "$state/keeper.pid"
}

case ${1:-} in
  keep) keep ;;
  start)
    # A version that has not been online here is watched by the one before.
    if [ "$version" = "$root/current" ] && [ -e "$root/previous" ] && [ "$(cat "$state/proved-version" 2>/dev/null)" != "${current##*/}" ]; then
      exec "$root/previous/tether-robot" trial "$root/current"
    fi
    exec "$version/tether-robot" run
    ;;
  *) exec "$version/tether-robot" "$@" ;;
esac
