import type { ErrorCode } from "../utils/contract/errors.ts";
import { AppError, type ErrorData } from "../utils/errors.ts";

/** What a policy says: yes, or no with the refusal the caller gets. */
export type Verdict = { readonly isGranted: true } | { readonly isGranted: false; readonly code: ErrorCode; readonly data?: ErrorData };

export const granted: Verdict = { isGranted: true };

export const rejected = (code: ErrorCode, data: ErrorData = {}): Verdict => ({ isGranted: false, code, data });

/** Returns the first rejection of several verdicts, or `granted`. */
export const allOf = (...verdicts: readonly Verdict[]): Verdict => verdicts.find(({ isGranted }) => !isGranted) ?? granted;

/** @throws AppError with the verdict's code when it is a no */
export function authorize(verdict: Verdict): void {
  if (!verdict.isGranted) throw new AppError(verdict.code, verdict.data);
}
