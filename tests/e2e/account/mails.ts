import { expect } from "vitest";
import { createRest } from "../../support/client.ts";

type Letter = { channel: "sms" | "mail"; to: string; text: string; code?: string };

const lettersTo = async (url: string, to: string): Promise<Letter[]> =>
  (await createRest(url).get<{ items: Letter[] }>(`/api/dev/outbox?to=${encodeURIComponent(to)}`)).body.items;

/** Waits for the newest message to a recipient from which `find` extracts a value. */
async function newest(url: string, to: string, find: (letter: Letter) => string | undefined): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(
      async () => {
        found = (await lettersTo(url, to)).map(find).find((one) => one !== undefined);
        return found;
      },
      { timeout: 10_000 },
    )
    .toBeDefined();
  return found ?? "";
}

/** Returns the last code texted to a number. */
export const codeFor = (url: string, number: string): Promise<string> => newest(url, number, ({ code }) => code);

/** Returns the last link of this kind mailed to an address, as a path with its secret. */
export const linkFor = (url: string, to: string, page: "verify-email" | "reset-password"): Promise<string> =>
  newest(url, to, ({ text }) => text.match(new RegExp(`/${page}#[\\w-]+`))?.[0]);
