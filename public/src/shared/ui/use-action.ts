import { useState } from "preact/hooks";
import { type ApiError, toApiError } from "../../api.ts";

/** Runs an async action, one at a time, and tracks its state and error. */
export function useAction<Args extends unknown[]>(run: (...args: Args) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const act = async (...args: Args): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    setRefusal(null);
    await run(...args).catch((error: unknown) => setRefusal(toApiError(error)));
    setBusy(false);
  };
  return { act, isBusy, refusal, clear: () => setRefusal(null) };
}
