import { setImmediate } from "node:timers/promises";
import { findNonce } from "../../../public/src/features/session/proof-of-work-solver.ts";
import type { Answer, Visitor } from "./visitor.ts";

type Challenge = { readonly token: string; readonly difficulty: number };

/** Returns the challenge of a `proof_required` error. */
export const challengeIn = ({ body }: Answer): Challenge => body.challenge as Challenge;

const ATTEMPTS = 20_000;

/** Solves a challenge as the page does, but in steps, so that the server in this process keeps running. */
export async function proofOf({ token, difficulty }: Challenge): Promise<{ token: string; nonce: string }> {
  for (let from = 0; ; from += ATTEMPTS) {
    const nonce = findNonce(token, difficulty, { from, to: from + ATTEMPTS });
    if (nonce !== null) return { token, nonce };
    await setImmediate();
  }
}

/** Returns the header of an address behind a trusted proxy. */
export const from = (address: string): Record<string, string> => ({ "x-forwarded-for": address });

/** Becomes a guest, and solves the challenge if there is one. */
export async function joinWithProof(visitor: Visitor, address: string): Promise<Answer> {
  const first = await visitor.post("/api/auth/guest", {}, from(address));
  if (first.body.code !== "proof_required") return first;
  return visitor.post("/api/auth/guest", { proof: await proofOf(challengeIn(first)) }, from(address));
}
