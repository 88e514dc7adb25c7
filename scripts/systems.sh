#!/usr/bin/env bash
# Checks, on a Debian machine, that the library works on Windows (under Wine) and compiles for macOS, FreeBSD and browsers.
#
#   scripts/systems.sh install   installs the compilers and Wine, as root
#   scripts/systems.sh run       runs the checks; prints the checks that it skips if the packages are missing
#   scripts/systems.sh program FILE [ARGUMENT…]   runs one program under Wine; cargo calls this
#
# With CI=true, missing packages are an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(rustc-web rust-web-src gcc-mingw-w64-x86-64 wine64)
windows=x86_64-pc-windows-gnu
others=(aarch64-apple-darwin x86_64-unknown-freebsd wasm32-unknown-unknown)

# Everything that runs on Windows is built in one selection, so that nothing is built twice with other features.
selection=(-p httpx-pool -p httpx --features httpx/full)
# All tests of the selection run under Wine, but for these files. The first needs servers in Python and nginx, the second
# one reads only the sources.
skipped_files=(real_servers front_page)
# The tests that cannot run under Wine, with the reasons.
skipped=(
    # Wine reports a connection that was reset as one that has ended.
    bodies_that_are_cut_short
    a_reset_in_the_middle_of_an_upload
    ends_beside_an_upload
    a_reset_that_a_wait_comes_upon_is_reported_by_the_read
    connections_cut_in_the_handshake
    the_peer_closes_right_after_the_switch
    # After a write that timed out, Windows may have sent some of its bytes all the same.
    stream_timeouts::blocking::writes_that_time_out
    # Wine does not always tell a server in time, on a busy machine, that the client has closed a connection with unread bytes
    # while the server writes. Both flavours of the test wait for the server to notice it.
    bad_connect::blocking::endless_answers
    bad_connect::ahttpx::endless_answers
    # A thousand threads on one runtime take Wine more than 20 s on a busy machine.
    ahttpx::more_threads_than_connections
    # Under Wine, tokio alone loses events of sockets when twenty threads use one runtime: a program without httpx hangs in
    # a third of its runs.
    resolving::ahttpx::many_requests_share_a_lookup
    # Waking a runtime is a round trip to Wine's server. Uploads of single bytes wake it tens of thousands of times, which
    # takes more than the 20 s of the test on a busy machine. The other tables of the file run.
    table::ahttpx::uploads
    # Windows does not replace a file that is open, and this test reads it meanwhile; the docs of save_to say so.
    saves_at_the_same_time
)

# No file of tests takes longer under Wine, in seconds. The test that hangs is named by the harness after 60 s.
limit=300

# Everything that this script makes is in this folder, apart from the ordinary builds.
export CARGO_TARGET_DIR=$PWD/target/systems
prefix=$CARGO_TARGET_DIR/wine

main() {
    case ${1:-} in
    install) install ;;
    run) run ;;
    program) program "${@:2}" ;;
    *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 2 ;;
    esac
}

install() {
    local missing
    missing=$(missing_packages)
    if [[ -z $missing ]]; then return; fi
    apt-get update -qq
    # shellcheck disable=SC2086 # some words
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

missing_packages() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
    done
}

run() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    if [[ -n $missing ]]; then
        echo "skipped: Windows, macOS, FreeBSD and browsers are not checked without $missing(scripts/systems.sh install)"
        if [[ ${CI:-} == true ]]; then exit 1; fi
        return
    fi
    # Debian's compiler has the sources of its standard library, which cargo's nightly builds for the target. rustup
    # may have no network for its targets.
    export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1
    export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=false
    local target
    for target in "${others[@]}"; do
        echo "checking for $target"
        # Without TLS, zstd and the certificates of tests: the C code of ring and libzstd needs a compiler for the target.
        cargo_for "$target" check --quiet -p httpx --no-default-features --features "$(features_without_c)"
    done
    prepare_wine
    echo "running the quickstart on Windows"
    cargo_for "$windows" build --quiet "${selection[@]}" --example quickstart
    program "$CARGO_TARGET_DIR/$windows/debug/examples/quickstart.exe"
    local name files=() skips=()
    for name in $(test_files); do files+=(--test "$name"); done
    for name in "${skipped[@]}"; do skips+=(--skip "$name"); done
    echo "testing on Windows: ${files[*]}"
    cargo_for "$windows" test --quiet --no-fail-fast "${selection[@]}" --lib "${files[@]}" -- "${skips[@]}"
    WINEPREFIX=$prefix /usr/lib/wine/wineserver -k || true
}

# cargo_for TARGET COMMAND…
cargo_for() {
    local target=$1 command=$2
    shift 2
    cargo +nightly "$command" -Zbuild-std=std,panic_abort --target "$target" "$@"
}

# program FILE [ARGUMENT…]: in the environment of prepare_wine
program() {
    local status=0 since=$SECONDS
    # Wine takes seconds to read the hundreds of roots that the machine's variables may name, on a busy machine longer
    # than a connect timeout. The tests of these variables set them.
    timeout --kill-after=10 "$limit" env -u SSL_CERT_FILE -u SSL_CERT_DIR /usr/lib/wine/wine64 "$@" || status=$?
    if ((status == 124 || status == 137)); then
        echo "${1##*/} was ended after $limit s. It hangs in a test that has been running for over 60 seconds: see above." >&2
    fi
    echo "${1##*/}: $((SECONDS - since)) s"
    return "$status"
}

# All features of httpx except those that depend on ring or libzstd.
features_without_c() {
    cargo metadata --format-version 1 --no-deps | python3 -c '
import json, sys
[httpx] = [p for p in json.load(sys.stdin)["packages"] if p["name"] == "httpx"]
features = httpx["features"]
with_c = ("tls", "zstd", "dep:rcgen")
def brings(name, seen=()):
    return name in with_c or any(brings(f, (*seen, name)) for f in features.get(name, []) if f not in seen)
print(",".join(name for name in features if not brings(name)))'
}

# The files of tests that run on Windows.
test_files() {
    cargo metadata --format-version 1 --no-deps | python3 -c '
import json, sys
packages = [p for p in json.load(sys.stdin)["packages"] if p["name"] in ("httpx", "httpx-pool")]
names = {t["name"] for p in packages for t in p["targets"] if t["kind"] == ["test"]}
print(*sorted(names - set(sys.argv[1:])))' "${skipped_files[@]}"
}

prepare_wine() {
    export WINEPREFIX=$prefix WINEDEBUG=-all CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="bash $PWD/scripts/systems.sh program"
    local dll=$prefix/drive_c/windows/system32/bcryptprimitives.dll
    if [[ -e $dll ]]; then return; fi
    mkdir -p "$prefix"
    /usr/lib/wine/wine64 wineboot --init >/dev/null 2>&1
    # The standard library takes its random bytes from a library that Wine 8 does not have. Windows has it.
    cat >"$prefix/bcryptprimitives.c" <<'C'
#include <windows.h>
BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T length) {
    return SystemFunction036(buffer, (ULONG)length);
}
C
    x86_64-w64-mingw32-gcc -shared -o "$dll" "$prefix/bcryptprimitives.c" -ladvapi32
}

main "$@"
