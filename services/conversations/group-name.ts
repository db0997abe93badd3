import { limits } from "../../utils/contract/limits.ts";
import { readLine } from "../users/profile-rules.ts";

/** Normalizes a group's name to one line; empty for none. @throws AppError `invalid_input`, `text_too_long { max, path }` */
export const readGroupName = (raw: string): string => readLine("name", raw, { max: limits.groupNameGraphemes }) ?? "";
