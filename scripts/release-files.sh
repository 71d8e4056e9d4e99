#!/usr/bin/env bash
# Makes the files of a release from the commit that is checked out:
#
#   scripts/release-files.sh VERSION FOLDER
#
# FOLDER/assets/  files to attach to the release: the full source, the package of the command and the software bill of materials (SBOM)
# FOLDER/dist/    the new build of what runners execute; attested, but not attached
# FOLDER/notes.md the version's text in CHANGELOG.md
#
# Stops if package.json or CHANGELOG.md name another version, or dist/ doesn't match the build.
set -euo pipefail

readonly version=$1
if [[ -n $(ls -A "$2" 2>/dev/null) ]]; then
  echo "$2 isn't empty: name a new or empty folder." >&2
  exit 1
fi
mkdir -p "$2/assets"
folder=$(cd "$2" && pwd)
readonly folder
cd "$(dirname "$0")/.."
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT
readonly name=aws-mfa-credentials

fail() {
  echo "$1" >&2
  exit 1
}

check_version() {
  local semantic='^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$'
  [[ $version =~ $semantic ]] || fail "'$version' isn't a semantic version such as 1.2.3 or 2.0.0-rc.1."
  [[ $(npm pkg get version) == "\"$version\"" ]] || fail "package.json says $(npm pkg get version), not $version."
}

# The text below the heading `## VERSION - DATE`.
write_notes() {
  awk -v version="$version" '/^## /{ inside = $2 == version; next } inside' CHANGELOG.md >"$folder/notes.md"
  grep -q '[^[:space:]]' "$folder/notes.md" || fail "CHANGELOG.md has no text below a heading '## $version - DATE'."
}

copy_dist() {
  npm ci
  npm run build
  [[ -z $(git status --porcelain) ]] || fail "The build changed files in git, or something isn't committed: $(git status --short)"
  cp -R dist "$folder/dist"
}

# What npm and the container image get.
make_package() {
  local package
  package=$(npm run --silent package | tail -n 1)
  [[ $(basename "$package") == "$name-$version.tgz" ]] || fail "The package is $package, not $name-$version.tgz."
  cp "$package" "$folder/assets/"
}

# .gitattributes leaves everything except for the action out of archives. info/attributes overrides it, here in an empty repository that
# borrows the objects of this one, so that this one stays unchanged.
archive_source() {
  local commit=$1 archive=$folder/assets/$name-$version-source.tar.gz
  GIT_ALTERNATE_OBJECT_DIRECTORIES=$(git rev-parse --path-format=absolute --git-path objects)
  export GIT_ALTERNATE_OBJECT_DIRECTORIES
  git init --quiet --bare "$work/git"
  mkdir -p "$work/git/info"
  echo '* -export-ignore' >"$work/git/info/attributes"
  git --git-dir "$work/git" archive --format=tar.gz --prefix="$name-$version/" --output="$archive" "$commit"
  diff <(git ls-tree -r --name-only "$commit" | LC_ALL=C sort) \
    <(tar -tzf "$archive" | sed -n "s|^$name-$version/\(.*[^/]\)$|\1|p" | LC_ALL=C sort) ||
    fail 'The source archive is incomplete.'
}

# `npm sbom --omit=dev` also leaves out what both the action and a tool depend on, so it runs in a folder without tools.
write_sbom() {
  mkdir "$work/$name"
  cp package.json package-lock.json .npmrc "$work/$name"
  (
    cd "$work/$name"
    npm ci --omit=dev --omit=optional --ignore-scripts
    npm pkg delete devDependencies optionalDependencies
    npm sbom --sbom-format=cyclonedx >"$folder/assets/$name-$version-sbom.cdx.json"
  )
}

check_version
write_notes
copy_dist
make_package
archive_source "$(git rev-parse HEAD)"
write_sbom
ls -l "$folder" "$folder/assets"
