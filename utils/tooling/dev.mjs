// Runs the server and rebuilds server and page on every change. Reload the browser to see changes of the page.
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
// Only once: a second signal would make tsx kill the server before it has closed its database.
const stop = () => {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill("SIGTERM");
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

// Stop both when either exits.
await Promise.race(children.map((child) => once(child, "exit")));
stop();
