import { limits } from "../../utils/contract/limits.ts";
import { readLine } from "../users/profile-rules.ts";

/** A group's name as it is stored, on one line; empty for none. @throws AppError `invalid_input`, `text_too_long { max, path }` */
export const readGroupName = (raw: string): string => readLine("name", raw, { max: limits.groupNameGraphemes }) ?? "";
