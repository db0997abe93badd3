import type { ErrorCode } from "../utils/contract/errors.ts";
import { AppError, type ErrorData } from "../utils/errors.ts";

/** The result of a policy: granted, or rejected with the error code for the caller. */
export type Verdict = { readonly isGranted: true } | { readonly isGranted: false; readonly code: ErrorCode; readonly data?: ErrorData };

export const granted: Verdict = { isGranted: true };

export const rejected = (code: ErrorCode, data: ErrorData = {}): Verdict => ({ isGranted: false, code, data });

/** Returns the first rejection of several verdicts, or `granted`. */
export const allOf = (...verdicts: readonly Verdict[]): Verdict => verdicts.find(({ isGranted }) => !isGranted) ?? granted;

/** @throws AppError with the verdict's code when it is rejected */
export function authorize(verdict: Verdict): void {
  if (!verdict.isGranted) throw new AppError(verdict.code, verdict.data);
}
