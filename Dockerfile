# The command for CIs that run jobs in containers. Build it in a folder that contains this file and the tarball of `npm run package`:
#
#   docker build --build-arg VERSION=1.2.3 .
#
# Nothing runs on the target's own system, so one machine builds for all of them.
FROM --platform=$BUILDPLATFORM node:24.19.0-alpine3.24@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43 AS files
ARG VERSION
COPY aws-mfa-credentials-$VERSION.tgz /package.tgz
RUN mkdir -p /files/lib/aws-mfa-credentials /files/bin \
  && tar -xzf /package.tgz -C /files/lib/aws-mfa-credentials --strip-components 1 \
  && ln -s ../lib/aws-mfa-credentials/cli.js /files/bin/aws-mfa-credentials

FROM node:24.19.0-alpine3.24@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43
ARG VERSION
LABEL org.opencontainers.image.title="aws-mfa-credentials" \
  org.opencontainers.image.description="Temporary AWS credentials with MFA, from a stored TOTP seed" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.source="https://github.com/aws-mfa-credentials/aws-mfa-credentials" \
  org.opencontainers.image.documentation="https://github.com/aws-mfa-credentials/aws-mfa-credentials/blob/v$VERSION/docs/cli.md"
COPY --from=files /files/ /usr/local/
USER node
# CIs start a shell in the image, which the entry point of Node's image wouldn't change.
ENTRYPOINT []
CMD ["aws-mfa-credentials", "--help"]
