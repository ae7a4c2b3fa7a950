#!/bin/sh
# The robot's key belongs to the service's user. What root does by hand is done as that user.
if [ "$(id -u)" = 0 ]; then exec runuser -u tether-robot -- "$0" "$@"; fi
TETHER_STATE=${TETHER_STATE:-/var/lib/tether-robot}
TETHER_CONFIG=${TETHER_CONFIG:-/etc/tether-robot/robot.json}
export TETHER_STATE TETHER_CONFIG
exec /usr/lib/tether-robot/tether-robot "$@"
