# The server with everything it needs: an embedded PostgreSQL on the volume /data, or the database that DATABASE_URL names.
#   docker build -t chatroom .
#   docker run --init -p 3001:3001 -v chatroom:/data -e APP_SECRET="$(openssl rand -base64 48)" -e DATA_KEY="$(openssl rand -base64 48)" -e PUBLIC_URL=https://chat.your.domain chatroom

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production PORT=3001 DATA_DIR=/data
RUN mkdir /data && chown node:node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3001
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=32", "--heap-growing-percent=60", "dist/server.js"]
