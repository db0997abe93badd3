// The server and the page, both built anew at every change. Reload the browser to see the page's.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tool = (path) => createRequire(import.meta.url).resolve(path);

const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: "inherit" });

await build({ parts: ["client", "page"] });
const children = [
  start([tool("tsx/cli"), "watch", "--clear-screen=false", "server.ts"]),
  start([
    fileURLToPath(new URL("../../node_modules/vite/bin/vite.js", import.meta.url)),
    "build",
    "--watch",
    "--config",
    "public/vite.config.ts",
  ]),
];

let isStopping = false;
// Once only: a second signal would make tsx kill the server before it has ended its database.
const stop = () => {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill("SIGTERM");
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

// When either ends, for whatever reason, so does the other.
await Promise.race(children.map((child) => once(child, "exit")));
stop();
