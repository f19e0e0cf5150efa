ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# The image has Node: the package `node`, which fetches one by its install script, is for checkouts.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm ci --ignore-scripts --omit=dev
COPY bin bin
COPY spec.json metadata.yaml icon.svg LICENSE ./
# Orchestrators may run it as any user, whatever the modes of the checkout were.
RUN mkdir /app \
  && mv bin dist node_modules package.json spec.json metadata.yaml icon.svg LICENSE /app/ \
  && chmod -R u+rwX,go+rX,go-w /app \
  && chmod 755 /app/bin/destination-vitally

FROM ${NODE_IMAGE}
# Node's own images keep uid 1000 for a user `node`; Airbyte wants it to be `airbyte`.
RUN if id -u node >/dev/null 2>&1; then userdel --remove node 2>/dev/null; fi \
  && groupadd --gid 1000 airbyte \
  && useradd --uid 1000 --gid airbyte --home-dir /airbyte --no-create-home --shell /bin/sh airbyte
COPY --from=build /app /airbyte
RUN chown airbyte:airbyte /airbyte
WORKDIR /airbyte
USER airbyte
ENV NODE_ENV=production
ENV AIRBYTE_ENTRYPOINT="/airbyte/bin/destination-vitally"
ENTRYPOINT ["/airbyte/bin/destination-vitally"]
LABEL io.airbyte.name="destination-vitally/destination-vitally" \
  io.airbyte.version="0.1.0"
