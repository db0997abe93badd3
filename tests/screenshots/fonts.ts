import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const config = join(fileURLToPath(new URL("../../", import.meta.url)), "node_modules/.cache/fonts/fonts.conf");

const scripts = [
  { name: "Japanese", pattern: ":lang=ja", install: "fonts-noto-cjk" },
  { name: "Korean", pattern: ":lang=ko", install: "fonts-noto-cjk" },
  { name: "Arabic", pattern: ":lang=ar", install: "fonts-noto-core" },
  { name: "emoji", pattern: ":charset=1f44b", install: "fonts-noto-color-emoji" },
] as const;

/**
 * Returns the scripts that the test browser has no glyphs for, each with the Debian package that provides them. `launchBrowser` must have
 * run before, because it writes the font configuration that is queried here.
 */
export async function missingFonts(): Promise<string[]> {
  const env = { ...process.env, FONTCONFIG_FILE: config, FONTCONFIG_PATH: dirname(config) };
  const missing: string[] = [];
  for (const { name, pattern, install } of scripts) {
    const found = await run("fc-list", [pattern, "family"], { env, timeout: 30_000 }).catch(() => null);
    if (found === null) return ["fc-list is not installed, so that the fonts cannot be checked (Debian: fontconfig)"];
    if (found.stdout.trim() === "") missing.push(`no font for ${name} (Debian: ${install})`);
  }
  return missing;
}
