import { expect } from "vitest";
import { createRest } from "../../support/client.ts";

type Letter = { channel: "sms" | "mail"; to: string; text: string; code?: string };

const lettersTo = async (url: string, to: string): Promise<Letter[]> =>
  (await createRest(url).get<{ items: Letter[] }>(`/api/dev/outbox?to=${encodeURIComponent(to)}`)).body.items;

/** Waits for the newest thing of a kind that was sent to somebody. */
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

/** The code that was texted to a number last. */
export const codeFor = (url: string, number: string): Promise<string> => newest(url, number, ({ code }) => code);

/** The link to one of our pages that was mailed to somebody last, as a path with its secret. */
export const linkFor = (url: string, to: string, page: "verify-email" | "reset-password"): Promise<string> =>
  newest(url, to, ({ text }) => text.match(new RegExp(`/${page}#[\\w-]+`))?.[0]);
