import type { ErrorCode, ErrorData } from "./contract/errors.ts";

export type { ErrorData } from "./contract/errors.ts";

/**
 * An expected error, identified by its code. Services throw it; REST and the socket convert it to the same problem object. Anything else
 * that is thrown is a bug and is reported as `internal`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, options?: ErrorOptions) {
    super(code, options);
    this.name = "AppError";
    this.code = code;
    this.data = data;
  }
}
