import { AppError } from "./errors.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A cursor that is the id of the last item seen, or null for the first page. @throws AppError `invalid_input` for any other text */
export function readCursorId(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!UUID.test(cursor)) throw new AppError("invalid_input", { errors: [{ path: "cursor", message: "is no cursor of this list" }] });
  return cursor;
}
