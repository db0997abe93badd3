import { signal } from "@preact/signals";
import type { DataExportDto } from "../../../../../utils/contract/schemas/privacy.ts";
import { toApiError } from "../../../api.ts";
import { onOwnerChange, owner, recallOwn, rememberOwn } from "../../../storage.ts";
import { getExport, requestExport } from "../../session/my-account.ts";

const LOOK_EVERY_MS = 4_000;

/** The last export that the current user requested in this browser. */
export const lastExport = signal<DataExportDto | null>(null);

let looking: ReturnType<typeof setTimeout> | undefined;

const isId = (value: unknown): value is string => typeof value === "string";

onOwnerChange(() => {
  clearTimeout(looking);
  lastExport.value = null;
});

async function look(id: string): Promise<void> {
  const userId = owner.peek();
  const next = await getExport(id).catch((error: unknown) => toApiError(error));
  if (userId !== owner.peek()) return;
  if (next instanceof Error) {
    if (next.code === "not_found") forget();
    else follow(id);
    return;
  }
  lastExport.value = next;
  if (next.state === "waiting") follow(id);
}

function forget(): void {
  lastExport.value = null;
  rememberOwn("export", "", null);
}

function follow(id: string): void {
  clearTimeout(looking);
  looking = setTimeout(() => void look(id), LOOK_EVERY_MS);
}

/** Resumes polling an export that was requested before, while it is being prepared. Returns a function that stops it. */
export function followExport(): () => void {
  const id = recallOwn("export", "", isId);
  if (id && lastExport.peek()?.id !== id) lastExport.value = null;
  if (id) void look(id);
  else lastExport.value = null;
  return () => clearTimeout(looking);
}

/** Requests an export, and polls it. */
export async function startExport(): Promise<void> {
  const begun = await requestExport();
  if (!begun) return;
  lastExport.value = begun;
  rememberOwn("export", "", begun.id);
  follow(begun.id);
}
