import { fileURLToPath } from "node:url";
import preact from "@preact/preset-vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The page: source in `public/`, built to `dist/public`. In development it asks the server on 3001. */
export default defineConfig({
  root: here,
  publicDir: "static",
  plugins: [preact(), tailwindcss()],
  build: {
    outDir: "../dist/public",
    emptyOutDir: true,
    target: "es2022",
    // Inlined files would need `data:` in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": "http://localhost:3001",
      "/socket.io": { target: "http://localhost:3001", ws: true },
    },
  },
});
