#!/bin/sh
# README's way from a clone to the mailed report, as a new user goes it: its own commands, taken out
# of README.md, by a user with sudo in a clean Debian 12. Says how long it took. Needs root and the
# right to mount; ROOT is a fresh debootstrap, which is changed by it:
#   debootstrap --variant=minbase bookworm ROOT && readme_walk.sh ROOT CLONE [PACKAGE.deb]
# With PACKAGE.deb the package is not built, only installed; building takes longer than all the rest.
set -eu
root=$1 clone=$2 deb=${3:-}
user=newcomer

in_root() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
        DEBIAN_FRONTEND=noninteractive /bin/sh -ec "$1"
}
as_user() {
    chroot "$root" /usr/bin/env -i TERM=dumb DEBIAN_FRONTEND=noninteractive \
        su - -w DEBIAN_FRONTEND "$user" -c "set -e; $1"
}
step() { printf '\n== %4d s  %s\n' $(($(date +%s) - begun)) "$*"; }
fail() { echo "readme_walk: $*" >&2; exit 1; }
# The Nth block of commands below a heading of README: block '### Cron' 1
block() {
    awk -v heading="$1" -v wanted="$2" '
        !code && /^#/ { below = ($0 == heading); count = 0 }
        /^```/ { code = !code; shown = code && below && $0 == "```sh" && ++count == wanted; next }
        shown { print; found = 1 }
        END { exit !found }' "$clone/README.md" || fail "README has no block $2 below '$1'"
}
wants() {
    case $2 in *"$1"*) ;; *) fail "this does not say '$1': $2" ;; esac
}

if [ -z "${README_WALK_INSIDE:-}" ]; then
    README_WALK_INSIDE=1 exec unshare --mount --pid --fork --kill-child "$0" "$@"
fi
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/resolv.conf"

listens() {
    python3 -c "import socket; socket.create_connection(('localhost', $1))" 2>/dev/null
}
for port in 8053 2525; do ! listens $port || fail "port $port is taken on this machine"; done

# What any machine with an administrator has.
in_root 'apt-get update -q >/dev/null
    apt-get install -q -y --no-install-recommends sudo git ca-certificates >/dev/null 2>&1'
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(uname -n)" >"$root/etc/hosts"
in_root "id $user >/dev/null 2>&1 || useradd -m -s /bin/bash $user
    echo '$user ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$user"
home=$root/home/$user
rm -rf "$home/domspool"
git clone -q --no-hardlinks "$clone" "$home/domspool"
in_root "chown -R $user: /home/$user"
begun=$(date +%s)

if [ -n "$deb" ]; then
    mkdir "$home/domspool/build-release"
    cp "$deb" "$home/domspool/build-release/"
else
    step "built"
    as_user "cd domspool; $(block '## Set it up' 1 | grep -v 'apt-get install')"
    step "the package is there"
fi

# From the package to the report: a quarter of an hour.
begun=$(date +%s)
step "installed"
as_user "cd domspool; $(block '## Set it up' 1 | grep 'apt-get install' | sed 's/install/install -q -y/')"

step "settings, ledger"
as_user "$(block '### Rehearse it' 1)"

step "registrar and mail server, in terminals of their own"
as_user 'sudo apt-get install -q -y --no-install-recommends python3-aiosmtpd >/dev/null 2>&1'
as_user "$(block '### Rehearse it' 2)" &
as_user "$(block '### Rehearse it' 3)" &
for port in 8053 2525; do
    until listens $port; do
        [ $(($(date +%s) - begun)) -lt 900 ] || fail "nothing listens on port $port"
        sleep 0.1
    done
done

step "is all right?"
said=$(as_user "$(block '### Rehearse it' 4)" 2>&1) || fail "registrar-check: $said"
echo "$said"
case $said in *wrong*) fail "registrar-check finds something wrong" ;; esac

step "a file is dropped"
as_user "$(block '### Rehearse it' 5)"

step "ordered, asked about, listed, reported"
# The first command ends with 1, as README says: an order failed.
said=$(as_user "set +e; set -x; $(block '### Rehearse it' 6)" 2>&1) || fail "$said"
echo "$said"
wants "3 orders: 1 waiting, 1 done, 1 failed" "$said"

mail_text() {
    as_user "python3 -c '
import email, glob, os
path = max(glob.glob(\"mails/new/*\"), key=os.path.getmtime)
mail = email.message_from_file(open(path))
print(\"Subject:\", mail[\"Subject\"])
for part in mail.walk():
    if part.get_content_type() == \"text/plain\": print(part.get_payload(decode=True).decode())
'"
}
step "the mail"
said=$(mail_text)
echo "$said"
wants "1 failed, 1 waiting, 1 done" "$said"
wants "domain-orders retry 3" "$said"

step "what was waiting is done"
until as_user 'sudo pending-check --now; sudo domain-orders list --state done' | grep -q slow-shop; do
    [ $(($(date +%s) - begun)) -lt 900 ] || fail "slow-shop.com is not done after 15 minutes"
    sleep 5
done
said=$(as_user 'sudo summary-report' 2>&1)
[ -z "$said" ] || fail "a report without trouble says: $said"
wants "1 done" "$(mail_text)"

taken=$(($(date +%s) - begun))
[ "$taken" -lt 900 ] || fail "it took $taken s, more than a quarter of an hour"
step "all is well"
