import { signal } from "@preact/signals";
import type { DataExportDto } from "../../../utils/contract/privacy.ts";
import { refusalOf } from "../api.ts";
import { recall, remember } from "../storage.ts";
import { getExport, requestExport } from "./my-account.ts";
import { myself } from "./session.ts";

const LOOK_EVERY_MS = 4_000;

/** The copy of one's data that was asked for last on this device. */
export const lastExport = signal<DataExportDto | null>(null);

let looking: ReturnType<typeof setTimeout> | undefined;

const keyOf = (): string => `export:${myself.peek()?.id ?? ""}`;

async function look(id: string): Promise<void> {
  const key = keyOf();
  const next = await getExport(id).catch((error: unknown) => refusalOf(error));
  if (key !== keyOf()) return;
  if (next instanceof Error) {
    if (next.code === "not_found") forget(key);
    else follow(id);
    return;
  }
  lastExport.value = next;
  if (next.state === "waiting") follow(id);
}

function forget(key: string): void {
  lastExport.value = null;
  remember(key, null);
}

function follow(id: string): void {
  clearTimeout(looking);
  looking = setTimeout(() => void look(id), LOOK_EVERY_MS);
}

/** Takes up a copy that was begun before, and follows it while it is being put together. Answers how to stop. */
export function followExport(): () => void {
  const id = recall<string | null>(keyOf(), null);
  if (id && lastExport.peek()?.id !== id) lastExport.value = null;
  if (id) void look(id);
  else lastExport.value = null;
  return () => clearTimeout(looking);
}

/** Has a copy put together, and follows it. */
export async function startExport(): Promise<void> {
  const begun = await requestExport();
  if (!begun) return;
  lastExport.value = begun;
  remember(keyOf(), begun.id);
  follow(begun.id);
}
