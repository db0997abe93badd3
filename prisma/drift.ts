import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import type { DiffTarget, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

const SCHEMA_FOLDER = new URL("./schema/", import.meta.url);
const WASM = "@prisma/schema-engine-wasm";
const CHAR = 18;
const CHAR_ARRAY = 1002;

/** How a database differs from the schema files: `sql` would migrate it to them. */
export type Drift = { readonly hasDrift: boolean; readonly sql: string };

type SchemaFiles = { path: string; content: string }[];
type EngineConstructor = typeof SchemaEngine;
type Glue = { SchemaEngine: EngineConstructor; __wbg_set_wasm: (exports: unknown) => void };

/** The used subset of a global that only the browser's type library declares. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Record<string, unknown>): Promise<{ exports: unknown }>;
};

async function schemaFiles(): Promise<SchemaFiles> {
  const names = (await readdir(SCHEMA_FOLDER)).filter((name) => name.endsWith(".prisma")).sort();
  return Promise.all(names.map(async (name) => ({ path: name, content: await readFile(new URL(name, SCHEMA_FOLDER), "utf8") })));
}

/** Loads the engine. Node 20 cannot import a .wasm file, so its JavaScript glue is bound manually. */
async function loadEngine(): Promise<EngineConstructor> {
  const bindings = (await import("@prisma/schema-engine-wasm/schema_engine_bg")) as unknown as Glue;
  const path = createRequire(import.meta.url)
    .resolve(WASM)
    .replace(/schema_engine\.js$/, "schema_engine_bg.wasm");
  const module = await WebAssembly.compile(await readFile(path));
  const instance = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start: () => void }).__wbindgen_start();
  return bindings.SchemaEngine;
}

type AnyQuery = (...args: unknown[]) => Promise<pg.QueryArrayResult>;

/**
 * Opens a pool for the engine. The adapter does not support PostgreSQL's one-byte "char" type of the catalogue, so it is passed as an
 * array of values.
 */
function poolForEngine(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => undefined);
  const query = pool.query.bind(pool) as unknown as AnyQuery;
  const readable: AnyQuery = async (...args) => {
    const result = await query(...args);
    for (const field of result.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
    return result;
  };
  return Object.assign(pool, { query: readable });
}

/** Converts these arrays back to single characters. The catalogue has no real arrays of "char". */
function adapterForEngine(pool: pg.Pool): PrismaPg {
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type) => (type === ColumnTypeEnum.CharacterArray ? ColumnTypeEnum.Character : type));
      return { ...result, columnTypes };
    };
    return adapter;
  };
  return factory;
}

/** The glue supports one instance per process: a second one would replace the memory of the first. */
let engineClass: Promise<EngineConstructor> | undefined;

const sharedEngine = (): Promise<EngineConstructor> => {
  engineClass ??= loadEngine();
  return engineClass;
};

async function diff(pool: pg.Pool, from: DiffTarget, files: SchemaFiles): Promise<Drift> {
  const Engine = await sharedEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterForEngine(pool));
  const engine = await Engine.new({ datamodels: files.map((file) => [file.path, file.content]) }, () => undefined, adapter);
  try {
    const filters = { externalTables: [], externalEnums: [] };
    const { exitCode, stdout } = await engine.diff({ from, to: { tag: "schemaDatamodel", files }, script: true, exitCode: true, filters });
    return { hasDrift: exitCode !== 0, sql: stdout ?? "" };
  } finally {
    engine.free();
  }
}

/**
 * Compares a database with prisma/schema. Works offline and changes nothing. Checks and triggers are not part of the schema files and do
 * not count as drift.
 */
export async function driftOf(url: string): Promise<Drift> {
  const files = await schemaFiles();
  const pool = poolForEngine(url);
  try {
    return await diff(pool, { tag: "schemaDatasource", files, configDir: "." }, files);
  } finally {
    await pool.end();
  }
}
