# The release workflow gives the digest of this tag, so that what is published says which base it stands on.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# The image has Node: the package `node`, which fetches one by its install script, is for checkouts.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm ci --ignore-scripts --omit=dev
# What runs, by name and licence, for whoever scans the image. npm would leave out what development needs as well.
RUN npm pkg delete devDependencies && npm sbom --sbom-format cyclonedx >sbom.cdx.json
COPY bin bin
COPY spec.json metadata.yaml icon.svg LICENSE ./
# Orchestrators may run it as any user, whatever the modes of the checkout were.
RUN mkdir /app \
  && mv bin dist node_modules package.json spec.json metadata.yaml icon.svg LICENSE sbom.cdx.json /app/ \
  && chmod -R u+rwX,go+rX,go-w /app \
  && chmod 755 /app/bin/destination-vitally

# The base without what a connector never runs: package managers, Perl, tools that become another user or mount. dpkg's
# list stays and tells a scanner the truth.
FROM ${NODE_IMAGE} AS base
# Node's own images keep uid 1000 for a user `node`; Airbyte wants it to be `airbyte`.
RUN if id -u node >/dev/null 2>&1; then userdel --remove node 2>/dev/null; fi \
  && groupadd --gid 1000 airbyte \
  && useradd --uid 1000 --gid airbyte --home-dir /airbyte --no-create-home --shell /bin/sh airbyte \
  && mkdir /airbyte \
  && chown airbyte:airbyte /airbyte \
  && rm -rf /opt/yarn* /usr/local/include /usr/local/lib/node_modules /usr/local/share \
  && find /usr/local/bin -mindepth 1 ! -name node -delete \
  && dpkg --purge --force-depends --force-remove-essential --force-remove-protected \
    adduser apt bsdutils debconf debian-archive-keyring e2fsprogs gpgv libapt-pkg6.0 libfile-find-rule-perl \
    libnumber-compare-perl libperl5.36 libtext-glob-perl login logsave mount passwd perl perl-base perl-modules-5.36 \
    sysvinit-utils util-linux util-linux-extra >/dev/null 2>&1 \
  && rm -rf /tmp/* /var/cache/* /var/lib/apt /var/log/* \
  && find / -xdev -perm /6000 -type f -exec chmod a-s {} +

# Copied into an empty image, so that no layer below holds what was taken away.
FROM scratch
COPY --from=base / /
COPY --from=build /app /app
# PyAirbyte mounts its files below it. The program is root's and lies elsewhere: its user can't replace it.
WORKDIR /airbyte
USER airbyte
ENV PATH=/usr/local/bin:/usr/bin:/bin
ENV NODE_ENV=production
ENV AIRBYTE_ENTRYPOINT="/app/bin/destination-vitally"
ENTRYPOINT ["/app/bin/destination-vitally"]
LABEL io.airbyte.name="destination-vitally/destination-vitally" \
  io.airbyte.version="0.1.0"
