// Exits with an error message if this release of Node.js is too old. Import it before everything else: modules are evaluated in import
// order, so it runs before those that fail on an older release.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const [wantedMajor, wantedMinor] = engines.node.replace(">=", "").split(".").map(Number);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  console.error(`The Chatroom needs Node.js ${wantedMajor}.${wantedMinor} or later; this is ${process.versions.node}.`);
  process.exit(1);
}
