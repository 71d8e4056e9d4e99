#!/usr/bin/env bash
# Makes the files of a release from the commit that is checked out:
#
#   scripts/release-files.sh VERSION FOLDER
#
# FOLDER/assets/  what is attached to the release: the full source and the software bill of materials (SBOM)
# FOLDER/dist/    what runners execute, as the build just made it; not attached, but attested
# FOLDER/notes.md what CHANGELOG.md says of the version
#
# Stops where package.json or CHANGELOG.md name another version, or dist/ is not what the build makes.
set -euo pipefail

readonly version=$1
if [[ -n $(ls -A "$2" 2>/dev/null) ]]; then
  echo "$2 holds something already: name a folder that is new or empty." >&2
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
  [[ $version =~ $semantic ]] || fail "'$version' is no semantic version, such as 1.2.3 or 2.0.0-rc.1."
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
  [[ -z $(git status --porcelain) ]] || fail "The build changed what is in git, or something is not committed: $(git status --short)"
  cp -R dist "$folder/dist"
}

# .gitattributes leaves all but the action out of every archive that GitHub makes. info/attributes outranks it: an empty repository
# beside this one, which borrows its objects, so that nothing is changed here.
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
    fail 'The archive of the source is not complete.'
}

# `npm sbom --omit=dev` also leaves out what both the action and a tool depend on. So it is asked in a folder that has no tools.
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
archive_source "$(git rev-parse HEAD)"
write_sbom
ls -l "$folder" "$folder/assets"
