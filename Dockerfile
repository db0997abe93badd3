# The server with all dependencies: an embedded PostgreSQL on the volume /data, or the database at DATABASE_URL.
#   docker build -t chatroom .
#   docker run --init -p 127.0.0.1:3001:3001 -v chatroom:/data --env-file .env chatroom
# docs/deploy.md describes the settings in .env, the reverse proxy and backups.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# npm keeps optional peer dependencies, such as Prisma's command line with its studio, unless --legacy-peer-deps is set.
RUN npm run build && npm prune --omit=dev --legacy-peer-deps && node utils/tooling/prune.mjs

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3001 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json /app/.npmrc ./
# Every command of package.json runs build.mjs first, which imports node-version.mjs.
COPY --from=build /app/utils/tooling/build.mjs /app/utils/tooling/node-version.mjs ./utils/tooling/
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "--heap-growing-percent=60", "dist/server.js"]
