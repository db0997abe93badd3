import { locked } from "./tab-lock.ts";

let replacing = 0;

/** Whether the session is about to be replaced by another: its end is not shown to the user then. */
export const isReplacing = (): boolean => replacing > 0;

/** Runs an action that ends the current session by itself, such as deleting its account. */
export async function replaceSession<Result>(run: () => Promise<Result>): Promise<Result> {
  replacing += 1;
  try {
    return await run();
  } finally {
    replacing -= 1;
  }
}

/**
 * Runs an action that exchanges the current session for another, such as a guest becoming a member. Other tabs that detect the end of the
 * old session meanwhile wait for the new one, instead of deleting the texts of a user who stays.
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

/** Whether this tab owns the lock for an exchange, whose own calls may have to renew the token. */
export const isExchanging = (): boolean => exchanging;
