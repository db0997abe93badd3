/** A challenge of the server. */
export type ProofRequest = { readonly token: string; readonly difficulty: number };

/** The solution of a challenge, as `POST /api/auth/guest` takes it. */
export type Proof = { readonly token: string; readonly nonce: string };

/**
 * Solves a challenge in a worker, so that the page stays responsive. It takes about a second, on a slow phone several.
 * @throws the reason of the signal when it is aborted, which ends the worker; an error when the browser cannot start the worker
 */
export function solveChallenge(challenge: ProofRequest, signal: AbortSignal): Promise<Proof> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL("./proof-of-work-worker.ts", import.meta.url), { type: "module" });
    const end = (): void => {
      worker.terminate();
      signal.removeEventListener("abort", cancel);
    };
    const cancel = (): void => {
      end();
      reject(signal.reason);
    };
    signal.addEventListener("abort", cancel);
    worker.addEventListener("message", ({ data: nonce }: MessageEvent<string>) => {
      end();
      resolve({ token: challenge.token, nonce });
    });
    worker.addEventListener("error", () => {
      end();
      reject(new Error("The worker could not start."));
    });
    worker.postMessage(challenge);
  });
}
