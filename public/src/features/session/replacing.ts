import { locked } from "./tab-lock.ts";

let replacing = 0;

/** Whether the session is about to be replaced by another: its end is no news then. */
export const isReplacing = (): boolean => replacing > 0;

/** Runs what ends the present session by itself, such as the deletion of its account. */
export async function replaceSession<Result>(run: () => Promise<Result>): Promise<Result> {
  replacing += 1;
  try {
    return await run();
  } finally {
    replacing -= 1;
  }
}

/**
 * Runs what puts another session in the place of the present one, such as a guest's becoming a member. Other tabs that learn of the old
 * session's end meanwhile wait for the new one, instead of deleting the texts of a person who stays.
 */
export function exchangeSession<Result>(run: () => Promise<Result>): Promise<Result> {
  return locked(async () => {
    exchanging = true;
    try {
      return await replaceSession(run);
    } finally {
      exchanging = false;
    }
  });
}

let exchanging = false;

/** Whether this tab holds the lock for an exchange, whose own calls may have to renew the token. */
export const isExchanging = (): boolean => exchanging;
