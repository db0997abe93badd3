import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants } from "node:zlib";
import preact from "@preact/preset-vite";
import tailwindcss from "@tailwindcss/vite";
import { dictionary } from "@zxcvbn-ts/language-common";
import { defineConfig, type Plugin } from "vite";
import { compression, defineAlgorithm } from "vite-plugin-compression2";
import { commonWords } from "../utils/contract/passwords.ts";
import { encodeWords } from "../utils/contract/text/word-filter.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

const COMMON_PASSWORDS = "virtual:common-passwords";

/** Provides the server's list of common passwords to the page, in a compact form. */
const commonPasswords = (): Plugin => ({
  name: "common-passwords",
  resolveId: (id) => (id === COMMON_PASSWORDS ? id : null),
  load: (id) => {
    if (id !== COMMON_PASSWORDS) return null;
    const bytes = encodeWords([...dictionary["passwords-common"].map(String), ...commonWords]);
    return `export default ${JSON.stringify(Buffer.from(bytes).toString("base64"))}`;
  },
});

type Graph = { getModuleInfo: (id: string) => { importedIds: readonly string[]; code: string | null } | null };

const isLibraryOfIcons = (id: string): boolean => /[\\/]lucide[\\/]dist[\\/]esm[\\/]lucide\./.test(id);

/** Returns the name under which a module exports an icon of Lucide, such as `Settings2` for `settings-2`; null for other modules. */
function iconIn(id: string): string | null {
  const file = /[\\/]lucide[\\/]dist[\\/]esm[\\/]icons[\\/]([a-z0-9-]+)\./.exec(id)?.[1];
  return file === undefined ? null : file.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const iconKey = (name: string): string => `icon ${name}`;

const needed = new Map<string, ReadonlySet<string>>();

/**
 * Returns the modules that a view needs immediately: those it imports, directly or transitively. The library of icons imports all of them,
 * so that only the names in the imports show which ones are needed.
 */
function modulesOf(view: string, graph: Graph): ReadonlySet<string> {
  const known = needed.get(view);
  if (known) return known;
  const found = new Set([join(here, "src/features", view)]);
  for (const module of found) {
    const { importedIds = [], code = null } = graph.getModuleInfo(module) ?? {};
    for (const [, names = ""] of code?.matchAll(/import\s*\{([^}]*)\}\s*from\s*"lucide"/g) ?? [])
      for (const name of names.split(",")) found.add(iconKey(name.trim().split(" ")[0] ?? ""));
    if (!isLibraryOfIcons(module)) for (const imported of importedIds) found.add(imported);
  }
  needed.set(view, found);
  return found;
}

/**
 * Returns the file of a module that several parts of the page share. Every file costs a request and about 500 bytes of headers, so there
 * are few; and they import each other in this order only, so that no module runs before one that it needs.
 */
function sharedFile(id: string, graph: Graph): string {
  // Only staff load it.
  if (/[\\/](?:features[\\/]moderation|moderation[\\/]console)[\\/]/.test(id)) return "console";
  const icon = iconIn(id);
  const key = icon === null ? id : iconKey(icon);
  const isOfRoom = modulesOf("room/room.tsx", graph).has(key);
  if (modulesOf("account/index.tsx", graph).has(key)) return isOfRoom ? "start" : "forms";
  return isOfRoom ? "chat" : "shared";
}

/** Builds the page: source in `public/`, output in `dist/public`. In development it proxies to the server on port 3001. */
export default defineConfig({
  root: here,
  publicDir: "static",
  plugins: [
    preact(),
    tailwindcss(),
    commonPasswords(),
    // Compressed once at build time, not per response: `routes/page.ts` sends the compressed files.
    compression({
      include: /\.(?:js|css|svg|webmanifest)$/,
      threshold: 512,
      logLevel: "silent",
      algorithms: [
        defineAlgorithm("brotliCompress", { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        defineAlgorithm("gzip", { level: 9 }),
      ],
    }),
  ],
  build: {
    outDir: "../dist/public",
    emptyOutDir: true,
    target: "es2022",
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "start", tags: ["$initial"], priority: 2 },
            { name: "markdown", test: /[\\/](?:mdast-|micromark|parts[\\/]markdown\.ts)/, priority: 1 },
            { name: sharedFile, minShareCount: 2 },
          ],
        },
      },
    },
  },
  // ES modules, so that the highlighting worker fetches only the grammars that it needs.
  worker: { format: "es" },
  server: {
    port: 5173,
    proxy: {
      "/api": "http://localhost:3001",
      "/socket.io": { target: "http://localhost:3001", ws: true },
    },
  },
});
