import tseslint from "typescript-eslint";

// Biome does the rest; these two rules need types.
const rules = {
  "@typescript-eslint/no-floating-promises": "error",
  "@typescript-eslint/no-misused-promises": "error",
};

const typed = (files, project) => ({
  files,
  languageOptions: { parser: tseslint.parser, parserOptions: { project, tsconfigRootDir: import.meta.dirname } },
  plugins: { "@typescript-eslint": tseslint.plugin },
  linterOptions: { reportUnusedDisableDirectives: "off" },
  rules,
});

export default [
  {
    ignores: ["**/dist/", "node_modules/", "prisma/generated/", ".data/", "public/static/", "public/vite.config.ts", "**/*.mjs", "**/*.js"],
  },
  typed(["*.ts", "{routes,services,middleware,prisma,utils,jobs}/**/*.ts"], "tsconfig.json"),
  typed(["public/src/**/*.{ts,tsx}"], "public/tsconfig.json"),
  typed(["tests/**/*.{ts,tsx}"], "tests/tsconfig.json"),
];
