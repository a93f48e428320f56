#!/bin/sh
# Brings up what the end-to-end tests need, and reuses what is there: Debian's chromium, redis-server and
# postgresql; Node 24 and n8n in e2e/node_modules.
set -eu
cd "$(dirname "$0")"

missing=""
command -v chromium >/dev/null || missing="$missing chromium"
command -v redis-server >/dev/null || missing="$missing redis-server"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
if [ -n "$missing" ]; then
	sudo=""
	[ "$(id -u)" = 0 ] || sudo=sudo
	# Debian starts a server when it installs one, and makes a cluster; the tests start their own.
	[ -e /usr/sbin/policy-rc.d ] || {
		printf '#!/bin/sh\nexit 101\n' | $sudo tee /usr/sbin/policy-rc.d >/dev/null
		$sudo chmod +x /usr/sbin/policy-rc.d
		trap '$sudo rm -f /usr/sbin/policy-rc.d' EXIT
	}
	$sudo apt-get update -q
	# shellcheck disable=SC2086 # a list of names
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -q -y --no-install-recommends $missing
fi

headers="$PWD/node_modules/node/node_modules/node-linux-$(node -p process.arch)"
sqlite=node_modules/sqlite3/build/Release/node_sqlite3.node
stamp=node_modules/.brought-up
if [ ! -e "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
	# Not `npm ci`: it finds optional packages missing in the lock file that npm itself wrote.
	npm install --no-audit --no-fund
	git diff --quiet -- package-lock.json 2>/dev/null || echo "npm changed e2e/package-lock.json" >&2
	# Puts Node and its headers where they belong; npm removes them again when it installs something else.
	npm rebuild node --ignore-scripts=false
	[ -e "$sqlite" ] || PATH="$PWD/node_modules/node/bin:$PATH" npm_config_nodedir="$headers" \
		npm rebuild sqlite3 --ignore-scripts=false
	test -e "$sqlite"
	cp package-lock.json "$stamp"
fi
node_modules/node/bin/node --version
