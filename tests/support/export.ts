import { strFromU8, unzipSync } from "fflate";
import type { DataExportDto } from "../../utils/contract/schemas/privacy.ts";
import type { App } from "./app.ts";
import { createRest } from "./client.ts";
import type { Person } from "./factories.ts";

const POLL_MS = 25;
const PATIENCE_MS = 30_000;

/** Requests an export over REST and waits until it is ready or has failed. */
export async function exportOf(app: App, person: Pick<Person, "token">): Promise<DataExportDto> {
  const rest = createRest(app.url);
  rest.token = person.token;
  const { status, body } = await rest.post<DataExportDto>("/api/users/me/export");
  if (status !== 202) throw new Error(`no export: ${JSON.stringify(body)}`);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = (await rest.get<DataExportDto>(`/api/users/me/export/${body.id}`)).body;
    if (found.state !== "waiting") return found;
    if (Date.now() > deadline) throw new Error("the export never became ready");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Downloads a link without credentials, as a browser that is not signed in. */
export const fetchLink = (app: App, link: string | null): Promise<Response> => fetch(new URL(link ?? "/nowhere", app.url));

/** Returns the files of an archive by name. */
export async function unzip(answer: Response): Promise<Map<string, string>> {
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  return new Map(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]));
}

export const jsonIn = (files: ReadonlyMap<string, string>, name: string): Record<string, unknown>[] =>
  JSON.parse(files.get(`data/${name}.json`) ?? "null") as Record<string, unknown>[];
