# One image for all processes of a box: the core, each department's flows, the demo city's simulator.
FROM node:24-bookworm-slim AS build
WORKDIR /signalbox
COPY package.json package-lock.json ./
COPY nodes/package.json nodes/
COPY editor/package.json editor/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build --workspace nodes && npm run build --workspace editor \
  && npm prune --omit=dev --no-audit --no-fund \
  # The image has its own Node; the one from npm is for machines with an older one.
  && rm -rf node_modules/node-linux-*

FROM node:24-bookworm-slim
ENV NODE_ENV=production SIGNALBOX_DATA=/data HOST=0.0.0.0
WORKDIR /signalbox
COPY --from=build /signalbox/package.json ./
COPY --from=build /signalbox/node_modules node_modules
COPY --from=build /signalbox/engine engine
COPY --from=build /signalbox/server server
COPY --from=build /signalbox/flows flows
COPY --from=build /signalbox/examples examples
COPY --from=build /signalbox/nodes nodes
COPY --from=build /signalbox/editor/package.json editor/
COPY --from=build /signalbox/editor/dist editor/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 1880
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? process.env.FLOWS_PORT ?? 1880}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-sigusr1", "--enable-source-maps", "server/main.ts"]
